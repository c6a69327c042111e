"""Qt models over the records that the core publishes."""
