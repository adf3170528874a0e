"""How much a reader has not read. Every page says it beside the bell, so it is kept a while."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app

from crmlite import clock
from crmlite.access import current_reader
from crmlite.notifications.queries import unread_count

KEPT = timedelta(seconds=20)  # what other processes change is seen after this
KEY = "crmlite.unread"


def unread() -> int:
    """How many notifications the reader has not read; at most `MOST` of the queries."""
    reader, now = current_reader(), clock.now()
    if not reader.is_authenticated:
        return 0
    until, count = _known().get(reader.user_id, (now, 0))
    if until <= now:
        count = unread_count(reader.user_id)
        _known()[reader.user_id] = (now + KEPT, count)
    return count


def count_again(user_ids: Iterable[int]) -> None:
    """Forget the counts of these people: they were told something, or have read it."""
    for user_id in user_ids:
        _known().pop(user_id, None)


def _known() -> dict[int, tuple[datetime, int]]:
    found: dict[int, tuple[datetime, int]] = current_app.extensions.setdefault(KEY, {})
    return found
