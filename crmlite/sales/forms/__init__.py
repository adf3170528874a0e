"""The forms of products, orders and returns."""
