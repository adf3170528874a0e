"""Orders out of files: a row for each line, or for each order."""
