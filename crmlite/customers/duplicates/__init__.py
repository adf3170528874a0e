"""Records that may be one customer: how alike two are, and whom in the book another may be."""

from crmlite.customers.duplicates.candidates import Match, Probe, certainties, find_matches
from crmlite.customers.duplicates.telling import Likely, likely_matches

__all__ = ["Likely", "Match", "Probe", "certainties", "find_matches", "likely_matches"]
