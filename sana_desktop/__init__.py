"""Sana Desktop: reports for admins of the Sana learning platform."""

__version__ = "0.1.0"
