"""The panels of jobs and downloads: their rows, what is pressed on them, and what was taken off them."""
