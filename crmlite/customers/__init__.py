"""Customers and what is known of them: contacts, needs, tags, and what is to be completed."""
