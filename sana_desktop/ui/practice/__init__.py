"""The Practice place: set-up, session, what it means, and the comparisons."""
