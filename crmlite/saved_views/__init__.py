"""Views of lists that people keep under a name: of customers, of complaints. Each list has its own
addresses for them; what happens there is in `keeping`."""
