"""How many cases wait on the reader; every page says it beside Complaints, so it is kept a while."""

from datetime import datetime, timedelta

from flask import current_app

from crmlite import clock
from crmlite.access import current_reader
from crmlite.cases.queries.queue import MINE, Wanted, counted

KEPT = timedelta(seconds=20)  # what other processes change is seen after this
KEY = "crmlite.cases_waiting"


def waiting() -> int:
    """How many open cases the reader has on the desk."""
    reader, now = current_reader(), clock.now()
    known = _known()
    until, count = known.get(reader.user_id, (now, 0))
    if until <= now:
        count = counted(reader, Wanted(view=MINE))
        known[reader.user_id] = (now + KEPT, count)
    return count


def count_again() -> None:
    """Forget the counts: something about a case has changed."""
    _known().clear()


def _known() -> dict[int, tuple[datetime, int]]:
    found: dict[int, tuple[datetime, int]] = current_app.extensions.setdefault(KEY, {})
    return found
