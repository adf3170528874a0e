"""Education: a pack for crmlite."""
