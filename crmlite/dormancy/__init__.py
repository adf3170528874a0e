"""Customers of whom nobody hears: warned of, dormant, archived, and brought back."""
