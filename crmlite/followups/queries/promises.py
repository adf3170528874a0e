"""Promises to customers: those still to be kept, and how earlier ones went.

As for Today, each person is asked for by themselves and no further than is shown or counted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from crmlite.access import Reader
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.queries.today import AT_ONCE, in_order
from crmlite.followups.sight import seen
from crmlite.work.records import chunks

Row = Mapping[str, Any]
TASKS, CUSTOMERS = Task.__table__, Customer.__table__
MOST = 99  # how far is counted
COLUMNS = (
    *(
        TASKS.c[name]
        for name in (
            "id what status due_on due_at reason assignee_id alerted_at closed_at outcome"
        ).split()
    ),
    CUSTOMERS.c.number,
    CUSTOMERS.c.name,
    CUSTOMERS.c.owner_id,
)


def promised(reader: Reader, assignees: Sequence[int], limit: int) -> Sequence[Row]:
    """The open promises of these people, the earliest first."""
    by_due = (TASKS.c.due_on, TASKS.c.due_at.nulls_last(), TASKS.c.id)
    base = _of(reader).where(TASKS.c.status == "open")
    found: list[Row] = []
    for some in chunks(assignees, AT_ONCE):
        parts = [
            select(base.where(TASKS.c.assignee_id == one).order_by(*by_due).limit(limit).subquery())
            for one in some
        ]
        found += database.session.execute(union_all(*parts)).mappings()
    return sorted(found, key=in_order)[:limit]


def count_promised(reader: Reader, assignees: Sequence[int], most: int = MOST) -> int:
    """How many open promises these people have; counting stops at one more than `most`."""
    return min(sum(_counted(reader, assignees, most).values()), most + 1)


def late_by_person(
    reader: Reader, assignees: Sequence[int], today: date, now: datetime
) -> dict[int, int]:
    """How many late promises each of these people has; counting stops at one more than MOST."""
    late = or_(TASKS.c.due_on < today, TASKS.c.due_at < now)
    return _counted(reader, assignees, MOST, TASKS.c.due_on <= today, late)


def closed_since(
    reader: Reader, assignees: Sequence[int], since: datetime, limit: int
) -> Sequence[Row]:
    """The promises of these people that were done or dropped since a moment, the latest first."""
    statement = _of(reader).where(
        TASKS.c.assignee_id.in_(assignees),
        TASKS.c.status.in_(("done", "dropped")),
        TASKS.c.closed_at >= since,
    )
    ordered = statement.order_by(TASKS.c.closed_at.desc(), TASKS.c.id.desc()).limit(limit)
    return database.session.execute(ordered).mappings().all()


def _counted(
    reader: Reader, assignees: Sequence[int], most: int, *where: ColumnElement[bool]
) -> dict[int, int]:
    base = _of(reader, TASKS.c.id).where(TASKS.c.status == "open", *where)
    found: dict[int, int] = {}
    for some in chunks(assignees, AT_ONCE):
        numbers = [
            select(func.count())
            .select_from(base.where(TASKS.c.assignee_id == one).limit(most + 1).subquery())
            .scalar_subquery()
            for one in some
        ]
        row = database.session.execute(select(*numbers)).one()
        found |= {one: int(number) for one, number in zip(some, row, strict=True)}
    return found


def _of(reader: Reader, *columns: ColumnElement[Any]) -> Select[Any]:
    """Promises that the reader sees."""
    statement = (
        select(*(columns or COLUMNS))
        .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
        .where(TASKS.c.kind == "promise", TASKS.c.state == "active")
    )
    return seen(reader, statement)
