"""How many notifications the reader has not read; at most `MOST` of the queries."""

from crmlite.access import Reader
from crmlite.counts import KeptCount
from crmlite.notifications.queries import unread_count


def _unread(reader: Reader) -> int:
    return unread_count(reader.user_id)


unread = KeptCount(name="notifications", ask=_unread)
