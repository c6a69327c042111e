"""The session in view: its cards, its answers, what was sent, and what went wrong."""
