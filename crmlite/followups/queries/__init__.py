"""Reading interactions and next steps."""
