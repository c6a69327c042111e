"""Who learns, from what, how hard, how many: the left side of the Practice place."""
