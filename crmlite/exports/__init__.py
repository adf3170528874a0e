"""What people take away: lists and the whole book, as files."""
