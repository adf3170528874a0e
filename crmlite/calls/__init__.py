"""Telephone revisits: a prepared talk, a timer beside it, and what was said as one record."""
