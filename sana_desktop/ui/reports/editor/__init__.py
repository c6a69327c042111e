"""The query editor: its tabs, its field, its remarks, and the bar that orders the report."""
