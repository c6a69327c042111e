"""What a session means: figures, coverage and challenge, ready to paint and said in words."""
