"""Sessions: what was asked and answered, kept, exported, pasted in, and played once more."""
