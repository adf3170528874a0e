"""Working calendars: when people work, which days are otherwise, and what a due time is made of."""
