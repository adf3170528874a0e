"""Orders, returns and products."""
