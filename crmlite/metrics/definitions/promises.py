"""Promises kept: of those that came due, how many were done by then."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

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
    first, last = span.period.first, min(span.period.last, span.today)
    due = (
        select(
            *(
                TASKS.c[name]
                for name in ("id", "customer_id", "assignee_id", "status", "closed_at")
            ),
            func.coalesce(TASKS.c.due_at, _end_of_day(span)).label("until"),
        )
        .where(
            TASKS.c.assignee_id.in_(people),
            TASKS.c.status.in_(("open", "done", "dropped")),
            TASKS.c.kind == "promise",
            TASKS.c.due_on.between(first, last),
            TASKS.c.state == "active",
        )
        .subquery()
    )
    in_time = or_(due.c.closed_at.is_(None), due.c.closed_at <= due.c.until)
    kept = and_(due.c.status == "done", in_time)
    return select(
        due.c.id,
        due.c.assignee_id.label("user_id"),
        due.c.customer_id,
        due.c.until.label("at"),
        case((kept, 1), else_=0).label("kept"),
    ).where(
        due.c.until <= span.now,
        or_(due.c.status != "dropped", due.c.closed_at > due.c.until),
    )


def _end_of_day(span: Span) -> ColumnElement[Any]:
    """The moment at which the day of a task ends, one by one for the days of the span."""
    days = [span.period.first + place * DAY for place in range(span.period.days)]
    ends = {day: literal(span.midnight(day + DAY), UTCDateTime()) for day in days}
    return case(ends, value=TASKS.c.due_on)


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
