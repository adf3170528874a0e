"""Somebody's customers and work pass to others, in one step."""
