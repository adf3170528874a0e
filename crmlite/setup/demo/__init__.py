"""A fictional firm to look around in, and books of any size to measure with."""
