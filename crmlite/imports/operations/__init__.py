"""Everything that changes data when files are imported."""
