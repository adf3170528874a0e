"""Complaints and other cases: their clocks, who works on them, and what is improved after them."""
