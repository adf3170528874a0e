"""How many tasks wait on the reader. Every page says it beside Today, so it is kept a while."""

from datetime import date, datetime, timedelta

from flask import current_app

from crmlite import clock
from crmlite.access import current_reader
from crmlite.dashboard.lines import waiting_on
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.queries.today import Days

KEPT = timedelta(seconds=20)  # what other processes change is seen after this
KEY = "crmlite.waiting"


def waiting() -> int:
    """How many tasks wait on the reader by today."""
    reader, now = current_reader(), clock.now()
    today = clock.today(firm_zone())
    known = _known()
    day, until, count = known.get(reader.user_id, (today, now, 0))
    if until <= now or day != today:
        count = waiting_on(reader, Days.around(today))
        known[reader.user_id] = (today, now + KEPT, count)
    return count


def count_again() -> None:
    """Forget the counts: something about a customer has changed."""
    _known().clear()


def _known() -> dict[int, tuple[date, datetime, int]]:
    found: dict[int, tuple[date, datetime, int]] = current_app.extensions.setdefault(KEY, {})
    return found
