"""Files in the formats that people open, piece by piece, so that no book is too large."""
