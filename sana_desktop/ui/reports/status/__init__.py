"""What is told without being asked: the status line, notifications, and the farewell."""
