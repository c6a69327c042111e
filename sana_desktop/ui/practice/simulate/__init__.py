"""The simulated learner: who plays, how far, and how what it does comes into sight."""
