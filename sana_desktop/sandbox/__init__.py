"""A Sana of our own on loopback; imports nothing of the client."""
