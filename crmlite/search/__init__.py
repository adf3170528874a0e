"""One box that finds customers, people and complaints by any part of what is known of them."""
