"""Replay from a report: its file, its columns, its dry run, its sending, then and now."""
