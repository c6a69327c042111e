"""The simulated learner: who it can be, and how it plays."""
