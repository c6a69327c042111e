"""A report as a table: what kind of file it is, and how many rows and columns it has."""
