"""The comparisons: the same question twice, what if, what differs, why, and the health check."""
