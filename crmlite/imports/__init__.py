"""Customers from files: spreadsheets, address books, other programs' exports."""
