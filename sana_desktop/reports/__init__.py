"""From a pasted text to a verified file on disk."""
