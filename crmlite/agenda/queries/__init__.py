"""What stands in calendars, and whose feed an address is."""
