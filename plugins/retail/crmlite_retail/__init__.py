"""Retail: a pack for crmlite."""
