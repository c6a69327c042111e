"""What a session means: pictures that follow it, each with its text twin."""
