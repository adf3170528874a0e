"""How soon contacts were written down, and which took place and are not written yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer
from crmlite.customers.promptness import of_each
from crmlite.db.days import LaterThan
from crmlite.extensions import database
from crmlite.followups.models import ContactStart, Interaction, Task
from crmlite.rules.promptness import IN_TIME
from crmlite.work.records import chunks

Row = Mapping[str, Any]
IN_PERSON = ("phone", "visit", "meeting", "online")  # whoever plans one for a moment has it then
MOST = 99
TALKS, TASKS, STARTS = Interaction.__table__, Task.__table__, ContactStart.__table__
CUSTOMERS = Customer.__table__
IS_LATE = LaterThan(TALKS.c.occurred_at, TALKS.c.recorded_at, IN_TIME)
CUSTOMER = (CUSTOMERS.c.number, CUSTOMERS.c.name, CUSTOMERS.c.owner_id)
NOTHING = cast(null(), Integer)
AT_ONCE = 40  # people asked for in one statement


def shares(people: Sequence[int], since: datetime) -> dict[int, tuple[int, int]]:
    """For each of these people: how many contacts they had since a moment, and how many of them were
    written down in time. The index alone answers it."""
    return of_each(people, TALKS.c.done_by_id, IS_LATE, _counts(people, since))


def per_day(people: Sequence[int], first: date, days: int, zone: ZoneInfo) -> list[tuple[int, int]]:
    """For each of `days` days from the first on: how many contacts these people had, and how many of
    them were written down late."""
    starts = [first + timedelta(days=place) for place in range(days + 1)]
    midnights = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in starts]
    day = case(
        *((TALKS.c.occurred_at < end, place) for place, end in enumerate(midnights[1:])),
        else_=days - 1,
    ).label("day")
    late = func.sum(case((IS_LATE, 1), else_=0))
    rows = database.session.execute(
        select(day, func.count(), late).where(*_counts(people, midnights[0])).group_by(day)
    )
    found = {place: (int(total), int(bad)) for place, total, bad in rows}
    return [found.get(place, (0, 0)) for place in range(days)]


def _counts(
    people: Sequence[int], since: datetime, until: datetime | None = None
) -> tuple[ColumnElement[bool], ...]:
    """What comes from a file was written down by nobody."""
    ended = () if until is None else (TALKS.c.occurred_at < until,)
    return (
        TALKS.c.done_by_id.in_(people),
        TALKS.c.occurred_at >= since,
        *ended,
        TALKS.c.state == "active",
        TALKS.c.imported.is_(False),
    )


def contacts(people: Sequence[int], since: datetime, until: datetime | None = None) -> Select[Any]:
    """The contacts of these people that count: `id`, `user_id` whose it was, `customer_id`, the moment
    `at`, and whether it was written down in time, as `kept` (1 or 0)."""
    return select(
        TALKS.c.id,
        TALKS.c.done_by_id.label("user_id"),
        TALKS.c.customer_id,
        TALKS.c.occurred_at.label("at"),
        case((IS_LATE, 0), else_=1).label("kept"),
    ).where(*_counts(people, since, until))


def written(
    people: Sequence[int],
    since: datetime,
    until: datetime | None = None,
    *,
    only_late: bool = False,
) -> list[int]:
    """The ids of contacts that these people had since a moment, late ones first, each part newest
    first."""
    statement = select(TALKS.c.id).where(*_counts(people, since, until))
    if only_late:
        statement = statement.where(IS_LATE)
    last = case((IS_LATE, 0), else_=1)
    ordered = statement.order_by(last, TALKS.c.occurred_at.desc(), TALKS.c.id.desc())
    return list(database.session.execute(ordered).scalars())


def told(interaction_ids: Sequence[int]) -> dict[int, Row]:
    """Contacts by id: when, how, by whom, with which customer, and what was said."""
    wanted = "id customer_id kind occurred_at recorded_at done_by_id content".split()
    statement = select(*(TALKS.c[name] for name in wanted)).where(TALKS.c.id.in_(interaction_ids))
    return {row["id"]: row for row in database.session.execute(statement).mappings()}


def unwritten(
    reader: Reader, people: Sequence[int], now: datetime, limit: int = MOST + 1
) -> Sequence[Row]:
    """Contacts of these people that took place and are not written down, the oldest first: those that
    were begun, and those planned for a moment that has passed, neither done nor moved.

    Each with `start_id` or `task_id`, `kind`, `at`, `what` was planned, whose it is, and its customer.
    """
    begun = visible_to(reader, _begun(), by_id=True)
    planned = visible_to(reader, _planned(now), by_id=True)
    found: list[Row] = []
    for some in chunks(people, AT_ONCE):
        parts = [
            part.where(who == one).order_by(at, row_id).limit(limit).subquery()
            for one in some
            for part, who, at, row_id in (
                (begun, STARTS.c.user_id, STARTS.c.at, STARTS.c.id),
                (planned, TASKS.c.assignee_id, TASKS.c.due_at, TASKS.c.id),
            )
        ]
        both = union_all(*(select(part) for part in parts))
        found += database.session.execute(both).mappings()
    found.sort(key=lambda row: (row["at"], row["start_id"] or 0, row["task_id"] or 0))
    return found[:limit]


def _begun() -> Select[Any]:
    return (
        select(
            STARTS.c.id.label("start_id"),
            NOTHING.label("task_id"),
            STARTS.c.kind,
            STARTS.c.at.label("at"),
            literal("").label("what"),
            STARTS.c.user_id.label("user_id"),
            *CUSTOMER,
        )
        .select_from(STARTS.join(CUSTOMERS, CUSTOMERS.c.id == STARTS.c.customer_id))
        .where(STARTS.c.status == "waiting", STARTS.c.state == "active")
    )


def _planned(now: datetime) -> Select[Any]:
    return (
        select(
            NOTHING.label("start_id"),
            TASKS.c.id.label("task_id"),
            TASKS.c.channel.label("kind"),
            TASKS.c.due_at.label("at"),
            TASKS.c.what,
            TASKS.c.assignee_id.label("user_id"),
            *CUSTOMER,
        )
        .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
        .where(
            TASKS.c.status == "open",
            TASKS.c.state == "active",
            TASKS.c.due_at < now,
            TASKS.c.kind != "case",
            TASKS.c.channel.in_(IN_PERSON),
        )
    )


def waiting_start(customer_id: int, user_id: int, start_id: int | None = None) -> Row | None:
    """The contact that somebody began with a customer last and has not written down yet, or the one
    of this id; None when there is none."""
    statement = select(STARTS).where(
        STARTS.c.customer_id == customer_id,
        STARTS.c.status == "waiting",
        STARTS.c.state == "active",
        or_(STARTS.c.user_id == user_id, STARTS.c.id == start_id),
    )
    if start_id is not None:
        statement = statement.where(STARTS.c.id == start_id)
    newest = statement.order_by(STARTS.c.at.desc(), STARTS.c.id.desc()).limit(1)
    return database.session.execute(newest).mappings().first()


def start(start_id: int, reader: Reader) -> Row | None:
    """A begun contact with its customer's number, of a customer with whom the reader may write
    contacts down; None when there is none."""
    statement = (
        select(STARTS, CUSTOMERS.c.number, CUSTOMERS.c.name)
        .select_from(STARTS.join(CUSTOMERS, CUSTOMERS.c.id == STARTS.c.customer_id))
        .where(STARTS.c.id == start_id, STARTS.c.state == "active")
    )
    seen = visible_to(reader, statement, permission="interactions:create", by_id=True)
    return database.session.execute(seen).mappings().first()
