"""Comparisons: the same question twice, what if, what differs, and why not this one."""
