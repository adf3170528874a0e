"""Reading products, orders and returns."""
