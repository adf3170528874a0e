"""What is still to be confirmed about customers."""
