"""Manufacturing: a pack for crmlite."""
