"""Conditions on customers: what they may ask, how it is entered, and the same as SQL."""
