"""Reads files of every kind into numbered rows of text."""
