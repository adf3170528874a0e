"""Segments: conditions that have a name, by which lists, tags and strategies pick customers alike."""
