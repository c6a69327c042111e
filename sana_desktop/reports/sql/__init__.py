"""What the app knows of SQL: where things are in it, what is wrong, what it says in plain words, how it is laid out."""
