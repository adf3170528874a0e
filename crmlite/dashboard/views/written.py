"""What stands behind the figures of Today: contacts and how soon they were written down, promises and
how they went."""

from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.dashboard.beside import closed_promises, not_written, promises_due
from crmlite.dashboard.score import DAYS, entered, score_of
from crmlite.dashboard.score import written as contacts
from crmlite.dashboard.views.blueprint import bp
from crmlite.dashboard.views.query_string import asked_for, days_now
from crmlite.paging import page, with_query
from crmlite.rules.text import clean_int

OPEN, CLOSED = 200, 100  # promises that are listed


@bp.get("/today/written")
@requires(SIGNED_IN)
def written() -> Any:
    """Contacts with how long after them they were written down, late ones first; `?day=` those of a
    day, `?late=1` late ones only."""
    reader, today = current_reader(), days_now().today
    shown = asked_for(reader)
    day, late = _day(today), "late" in request.args
    number = clean_int(request.args.get("page", ""), least=1, most=10_000).value or 1
    found = contacts(reader, shown, today, day=day, late=late, page=number)
    waiting, _more = not_written(reader, shown)

    def address(**changes: str) -> str:
        asked = {"day": day.isoformat() if day else "", "late": "1" if late else ""}
        return with_query(url_for("dashboard.written"), {**dict(shown.query), **asked, **changes})

    return page(
        "dashboard/written.html",
        "dashboard/_written.html",
        shown=shown,
        score=score_of(shown, today),
        entered=entered(shown, today),
        found=found,
        waiting=waiting,
        day=day,
        late=late,
        address=address,
    )


def _day(today: date) -> date | None:
    """The day that the address names, if it is one of those that count."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if timedelta() <= today - day < timedelta(days=DAYS) else None


@bp.get("/today/promises")
@requires(SIGNED_IN)
def promises() -> Any:
    """Promises that are still to be kept, and how those of the last 90 days went."""
    reader = current_reader()
    shown = asked_for(reader)
    due, count = promises_due(reader, shown, OPEN)
    closed = closed_promises(reader, shown, clock.now() - timedelta(days=90), CLOSED)
    return page(
        "dashboard/promises_page.html",
        "dashboard/_promises.html",
        shown=shown,
        due=due,
        count=count,
        closed=closed,
        here=with_query(url_for("dashboard.promises"), dict(shown.query)),
    )
