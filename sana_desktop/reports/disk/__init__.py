"""A report on the disk: its names, its partial file, and names kept where there are no hard links."""
