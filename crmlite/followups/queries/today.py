"""Tasks of people for Today: first lines of each band, and how many there are, by index alone.

Each person and band is asked for by itself and no further than is shown or counted, so that a page
costs the same for somebody with a thousand overdue tasks as for somebody with five.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all

from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.sight import seen
from crmlite.work.records import chunks

Row = Mapping[str, Any]
TASKS, CUSTOMERS = Task.__table__, Customer.__table__
FACTS, TALKS = Facts.__table__, Interaction.__table__

SHOWN = 25  # lines of a band; the rest is counted, and shown when asked for
ALL = 400
MOST = 999  # how far is counted
OLD = timedelta(days=30)  # overdue for longer, next steps are gathered under one line
AT_ONCE = 40  # people asked for in one statement: SQLite joins 500 selections at most

LATE, OLDER, TODAY, WEEK, LATER = "late", "older", "today", "week", "later"
COLUMNS = (
    *(TASKS.c[name] for name in "id kind what channel due_on due_at repeat reason".split()),
    TASKS.c.assignee_id,
    CUSTOMERS.c.number,
    CUSTOMERS.c.name,
    CUSTOMERS.c.tier,
    CUSTOMERS.c.lifecycle,
    CUSTOMERS.c.owner_id,
    FACTS.c.last_contact_at,
    TALKS.c.kind.label("from_kind"),
    TALKS.c.occurred_at.label("from_at"),
)


@dataclass(frozen=True, slots=True)
class Days:
    """The day it is, and the last of its week: what the bands go by."""

    today: date
    week_end: date

    @classmethod
    def around(cls, today: date) -> "Days":
        """The week of a day; it ends on Sunday."""
        return cls(today, today + timedelta(days=6 - today.weekday()))

    def holds(self, name: str, day: date) -> bool:
        """Whether a band holds what is due on a day, as far as days decide it."""
        match name:
            case "late" | "older":
                return day < self.today
            case "today":
                return day == self.today
            case "week":
                return self.today < day <= self.week_end
        return day > self.week_end

    def band(self, name: str) -> list[ColumnElement[bool]]:
        """The conditions of a band, each of which an index answers."""
        due, old = TASKS.c.due_on, self.today - OLD
        next_step = TASKS.c.kind.in_(("next-step", "touch"))
        found: dict[str, list[ColumnElement[bool]]] = {
            LATE: [
                and_(due >= old, due < self.today),
                and_(due < old, TASKS.c.kind.in_(("promise", "case"))),
            ],
            OLDER: [and_(due < old, next_step)],
            TODAY: [due == self.today],
            WEEK: [and_(due > self.today, due <= self.week_end)],
            LATER: [due > self.week_end],
        }
        return found[name]


def lines(
    reader: Reader,
    assignees: Sequence[int],
    days: Days,
    bands: Mapping[str, int],
) -> Sequence[Row]:
    """The first open tasks of each band, by day and then by moment, with why they are there: of each
    person as many as `bands` says. One statement for forty people."""
    conditions = [
        (condition, limit) for band, limit in bands.items() for condition in days.band(band)
    ]
    found: list[Row] = []
    base = _open(reader)
    for some in chunks(assignees, AT_ONCE):
        wanted = union_all(
            *(
                select(_first(_of(base, user_id).where(condition), limit).subquery())
                for user_id in some
                for condition, limit in conditions
            )
        ).subquery()
        found += database.session.execute(_told(wanted.c.id)).mappings()
    found.sort(key=in_order)
    return found


def in_order(row: Row) -> tuple[Any, ...]:
    """By day, then by moment; those without one come last on their day."""
    at = row["due_at"]
    return row["due_on"], at is None, 0 if at is None else at.timestamp(), row["id"]


def counted(
    reader: Reader, assignees: Sequence[int], days: Days, bands: Sequence[str], most: int = MOST
) -> dict[int, dict[str, int]]:
    """For each of these people: how many open tasks each band has, at customers whom the reader sees.
    Counting stops at one more than `most`."""
    found: dict[int, dict[str, int]] = {user_id: {} for user_id in assignees}
    base = _open(reader)
    for some in chunks(assignees, AT_ONCE // 2):
        asked = [
            (user_id, band, condition)
            for user_id in some
            for band in bands
            for condition in days.band(band)
        ]
        numbers = [
            select(func.count())
            .select_from(_of(base, user_id).where(condition).limit(most + 1).subquery())
            .scalar_subquery()
            for user_id, _band, condition in asked
        ]
        row = database.session.execute(select(*numbers)).one()
        for (user_id, band, _condition), number in zip(asked, row, strict=True):
            before = found[user_id].get(band, 0)
            found[user_id][band] = min(before + int(number), most + 1)
    return found


def has_any(reader: Reader, user_id: int) -> bool:
    """Whether anything at all is planned for somebody."""
    return database.session.execute(_of(_open(reader), user_id).limit(1)).first() is not None


def older_ids(reader: Reader, assignees: Sequence[int], days: Days, most: int) -> list[int]:
    """The next steps that have been overdue for long, of customers on which the reader may plan."""
    [condition] = days.band(OLDER)
    base, found = _open(reader, "tasks:edit"), []
    for user_id in assignees:
        statement = _of(base, user_id).where(condition).limit(most - len(found))
        found += database.session.execute(statement).scalars()
    return found


def changeable(reader: Reader, task_ids: Sequence[int]) -> list[int]:
    """Those of these tasks that are open, that no case asks for, and that the reader may change."""
    found: list[int] = []
    for some in chunks(task_ids):
        statement = (
            select(TASKS.c.id)
            .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
            .where(TASKS.c.id.in_(some), *_STILL, TASKS.c.kind != "case")
        )
        reached = visible_to(reader, statement, permission="tasks:edit", by_id=True)
        found += database.session.execute(reached).scalars()
    return found


def next_to_log(reader: Reader, days: Days, after: Row | None = None) -> Row | None:
    """The first of the reader's tasks due by today whose contact they may write down; with `after`,
    the first that comes after that one in the order of Today."""
    base = _of(_open(reader, "interactions:create"), reader.user_id)
    recent = or_(TASKS.c.due_on >= days.today - OLD, TASKS.c.kind == "promise")
    statement = base.where(TASKS.c.due_on <= days.today, recent, TASKS.c.kind != "case")
    if after is not None:
        statement = statement.where(_further(after))
    told = _told(_first(statement, 1).subquery().c.id)
    return database.session.execute(told).mappings().first()


def _further(after: Row) -> ColumnElement[bool]:
    at, same_day = TASKS.c.due_at, TASKS.c.due_on == after["due_on"]
    if after["due_at"] is None:
        later = and_(at.is_(None), TASKS.c.id > after["id"])
    else:
        tied = and_(at == after["due_at"], TASKS.c.id > after["id"])
        later = or_(at.is_(None), at > after["due_at"], tied)
    return or_(TASKS.c.due_on > after["due_on"], and_(same_day, later))


_STILL = (TASKS.c.status == "open", TASKS.c.state == "active")


def _open(reader: Reader, permission: str | None = None) -> Select[Any]:
    """The ids of open tasks that the reader sees; with a permission, at customers whom it reaches."""
    statement = (
        select(TASKS.c.id)
        .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
        .where(*_STILL)
    )
    if permission is None:
        return seen(reader, statement)
    return visible_to(reader, statement, permission=permission, by_id=True)


def _of(base: Select[Any], user_id: int) -> Select[Any]:
    return base.where(TASKS.c.assignee_id == user_id)


def _first(statement: Select[Any], limit: int) -> Select[Any]:
    ordered = statement.order_by(TASKS.c.due_on, TASKS.c.due_at.nulls_last(), TASKS.c.id)
    return ordered.limit(limit)


def _told(ids: ColumnElement[int]) -> Select[Any]:
    """The lines of tasks: with whom, when people last talked, and the contact they follow from."""
    return (
        select(*COLUMNS)
        .select_from(
            TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id)
            .join(FACTS, FACTS.c.customer_id == CUSTOMERS.c.id)
            .outerjoin(TALKS, TALKS.c.id == TASKS.c.interaction_id)
        )
        .where(TASKS.c.id.in_(select(ids)))
    )
