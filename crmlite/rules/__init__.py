"""The firm's rules as plain arithmetic: no database, no clock, no web, only the standard library."""
