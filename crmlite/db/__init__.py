"""The database: its engines, keys, columns and migrations."""
