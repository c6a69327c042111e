"""Reports in the window: first run, paste, editor, and the panels below it."""
