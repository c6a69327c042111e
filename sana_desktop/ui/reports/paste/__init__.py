"""The first run, the card that says what a paste is, and the letter to IT."""
