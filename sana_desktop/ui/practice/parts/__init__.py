"""What the rooms of the Practice place are built from: strips, folds, tables, keys that are held."""
