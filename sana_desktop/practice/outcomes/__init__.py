"""Outcomes on their way: kept on disk until the service has them, each sent once and in order."""
