"""Today: the page that one starts from, and the score beside it."""
