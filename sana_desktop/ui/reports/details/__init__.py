"""Everything about one job: its story as picture and text, and the facts on record."""
