"""Files that people bring: kept sealed, opened only for whoever may see them."""
