"""Practice: exercises and outcomes, sessions, simulated learners, and what a comparison of recommendations shows."""
