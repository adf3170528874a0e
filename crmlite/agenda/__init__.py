"""The calendar of what people have to do, the feed that other calendars read, and the weekly sweep."""
