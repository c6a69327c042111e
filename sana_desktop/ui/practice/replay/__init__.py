"""Replay from a report: its columns, its dry run, its run, then and now."""
