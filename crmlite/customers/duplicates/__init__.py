"""Records that may be one customer: how alike two are, and whom in the book another may be."""

from crmlite.customers.duplicates.matching import Match, Probe, find_matches

__all__ = ["Match", "Probe", "find_matches"]
