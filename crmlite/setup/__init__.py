"""The first start, demo data, and the upgrade of older books."""
