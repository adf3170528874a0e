"""Promises kept (F5): of those that came due, how many were done by then."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CTE, Date, Select, and_, case, column, func, or_, select, values

from crmlite.db.columns import UTCDateTime
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.wording import promise_words
from crmlite.metrics.declaring import DAY, Metric, Span, Told
from crmlite.wording import N_

TASKS = Task.__table__


def _rows(people: Sequence[int], span: Span) -> Select[Any]:
    """The rule of `followups.deadlines.standing`, as SQL: what has no moment of its own is due at the
    end of its day, wherever the clocks were put forward or back. One that was dropped when it was late
    already counts: it was not kept."""
    days = _ends(span)
    until = func.coalesce(TASKS.c.due_at, days.c.until)
    closed_at = TASKS.c.closed_at
    kept = and_(TASKS.c.status == "done", closed_at <= until)
    return (
        select(
            TASKS.c.id,
            TASKS.c.assignee_id.label("user_id"),
            TASKS.c.customer_id,
            until.label("at"),
            case((kept, 1), else_=0).label("kept"),
        )
        .select_from(TASKS.join(days, days.c.day == TASKS.c.due_on))
        .where(
            TASKS.c.assignee_id.in_(people),
            TASKS.c.status.in_(("open", "done", "dropped")),
            TASKS.c.kind == "promise",
            TASKS.c.due_on.between(span.period.first, min(span.period.last, span.today)),
            TASKS.c.state == "active",
            until <= span.now,
            or_(TASKS.c.status != "dropped", closed_at > until),
        )
    )


def _ends(span: Span) -> CTE:
    """The days of a span, each with the moment at which it ends."""
    first, count = span.period.first, span.period.days
    days: list[date] = [first + place * DAY for place in range(count)]
    listed = values(column("day", Date()), column("until", UTCDateTime()))
    return listed.data([(day, span.midnight(day + DAY)) for day in days]).cte("days")


def _told(ids: Sequence[int]) -> Mapping[int, Told]:
    names = "id customer_id what status due_on due_at closed_at".split()
    statement = select(*(TASKS.c[name] for name in names)).where(TASKS.c.id.in_(ids))
    return {
        row["id"]: Told(
            customer_id=row["customer_id"],
            icon="heart-handshake",
            said=row["what"],
            due=row["due_at"] or row["due_on"],
            done=row["closed_at"] if row["status"] == "done" else None,
            state=_state(row),
        )
        for row in database.session.execute(statement).mappings()
    }


def _state(row: Mapping[str, Any]) -> str:
    match row["status"]:
        case "open":
            return _("still open")
        case "dropped":
            return _("dropped when it was late")
    return promise_words(row)


METRIC = Metric(
    name="promises",
    label=N_("Promises kept"),
    definition=N_(
        "Of all promises that came due in the period: how many were done by then, to the moment where "
        "one was named, else by the end of the day. It counts for whoever it is assigned to. One that "
        "was withdrawn before it was due does not count; one that was dropped when it was late already "
        "was not kept."
    ),
    rows=_rows,
    told=_told,
)
