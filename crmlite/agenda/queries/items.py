"""Tasks by the day on which they are due."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true

from crmlite.access import Reader
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.sight import seen

Row = Mapping[str, Any]
TASKS, CUSTOMERS = Task.__table__, Customer.__table__
COLUMNS = (
    *(
        TASKS.c[name]
        for name in (
            "id kind status what channel due_on due_at reason assignee_id updated_at version"
        ).split()
    ),
    CUSTOMERS.c.number,
    CUSTOMERS.c.name,
    CUSTOMERS.c.owner_id,
)
KINDS: Mapping[str, ColumnElement[bool]] = {
    "": true(),
    "promises": TASKS.c.kind == "promise",
    "touches": TASKS.c.kind == "touch",
    "visits": TASKS.c.channel.in_(("visit", "meeting")),
}
IN_ORDER = (TASKS.c.due_at.is_(None), TASKS.c.due_at, TASKS.c.id)


def by_day(
    reader: Reader, people: Sequence[int], first: date, last: date, kind: str, most: int
) -> Sequence[Row]:
    """The tasks of these people on these days, open and done ones: of each day the first `most`, open
    ones first, each row with how many there are that day (`of_day`)."""
    still = TASKS.c.status != "open"
    place = func.row_number().over(partition_by=TASKS.c.due_on, order_by=(still, *IN_ORDER))
    wanted = _of(
        reader,
        people,
        first,
        last,
        TASKS.c.id,
        place.label("place"),
        func.count().over(partition_by=TASKS.c.due_on).label("of_day"),
    )
    wanted = wanted.where(TASKS.c.status.in_(("open", "done")), KINDS[kind])
    some = wanted.subquery()
    statement = (
        select(*COLUMNS, some.c.of_day)
        .select_from(
            TASKS.join(some, some.c.id == TASKS.c.id).join(
                CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id
            )
        )
        .where(some.c.place <= most)
        .order_by(TASKS.c.due_on, some.c.place)
    )
    return database.session.execute(statement).mappings().all()


def open_between(reader: Reader, person: int, first: date, last: date, most: int) -> Sequence[Row]:
    """The open tasks of a person on these days, by day and moment."""
    statement = _of(reader, [person], first, last, *COLUMNS).where(TASKS.c.status == "open")
    ordered = statement.order_by(TASKS.c.due_on, *IN_ORDER).limit(most)
    return database.session.execute(ordered).mappings().all()


def _of(
    reader: Reader, people: Sequence[int], first: date, last: date, *columns: Any
) -> Select[Any]:
    """Tasks of these people that the reader sees."""
    statement = (
        select(*columns)
        .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
        .where(
            TASKS.c.assignee_id.in_(people),
            TASKS.c.due_on.between(first, last),
            TASKS.c.state == "active",
        )
    )
    return seen(reader, statement)
