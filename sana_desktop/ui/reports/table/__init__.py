"""The table that jobs and downloads share: its cells, header, columns, buttons and menu, and the acts they offer."""
