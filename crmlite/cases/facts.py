"""What follows from cases and their events: whether they are open, what is due next, and how many
complaints a customer has.

Made by the same reading that the pages show, after each event and each change of a deadline, a calendar
or a tier.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from crmlite import clock
from crmlite.accounts.queries import teams
from crmlite.calendars.queries import calendar_of
from crmlite.cases.clocks import CaseClock, clocks_of, events_of, next_due
from crmlite.cases.models import Case, CaseEvent, CaseFacts
from crmlite.cases.search_rows import index_cases
from crmlite.cases.targets import targets
from crmlite.customers.choices import tier_shown
from crmlite.customers.models import Customer, Facts
from crmlite.customers.tags.rules import have_looked_at
from crmlite.extensions import database
from crmlite.rules import casework, escalation
from crmlite.rules.casework import Event, Status
from crmlite.rules.working_time import Calendar, NoWorkingTime
from crmlite.work.operations import current, is_running
from crmlite.work.records import chunks

Row = Mapping[str, Any]
KEPT = ("active", "archived")  # states of customers whose cases go on
FAR = datetime(9999, 1, 1, tzinfo=UTC)
CASES, EVENTS, FACTS = Case.__table__, CaseEvent.__table__, CaseFacts.__table__
CUSTOMERS, COUNTS = Customer.__table__, Facts.__table__
COMPLAINT = "complaint"


def refresh(case_ids: Iterable[int], *, found: bool = True) -> None:
    """Make the facts of these cases anew, and with `found` by what they are found. Belongs inside an
    operation, or in a transaction that is taken back."""
    now = current().at if is_running() else clock.now()
    for ids in chunks(sorted(set(case_ids))):
        rows = [facts_of(case, events, now) for case, events in read(ids)]
        database.session.execute(delete(FACTS).where(FACTS.c.case_id.in_(ids)))
        if rows:
            database.session.execute(insert(FACTS), rows)
        whose = select(CASES.c.customer_id).distinct().where(CASES.c.id.in_(ids))
        count_complaints(database.session.execute(whose).scalars().all())
        if found:
            index_cases(ids)


def count_complaints(customer_ids: Sequence[int]) -> None:
    """Count the complaints of these customers, and write down where there are more or fewer. Other
    cases are no complaints."""
    told = (
        select(CASES.c.customer_id, func.count().label("number"))
        .where(
            CASES.c.customer_id.in_(customer_ids),
            CASES.c.kind == COMPLAINT,
            CASES.c.state == "active",
        )
        .group_by(CASES.c.customer_id)
        .subquery()
    )
    number = func.coalesce(told.c.number, 0)
    differing = (
        select(COUNTS.c.customer_id, number)
        .outerjoin(told, told.c.customer_id == COUNTS.c.customer_id)
        .where(COUNTS.c.customer_id.in_(customer_ids), COUNTS.c.complaints != number)
    )
    rows = [{"row": row[0], "number": row[1]} for row in database.session.execute(differing)]
    if rows:
        one = update(COUNTS).where(COUNTS.c.customer_id == bindparam("row"))
        database.session.connection().execute(one.values(complaints=bindparam("number")), rows)
        have_looked_at([row["row"] for row in rows])


def refresh_customers(customer_ids: Sequence[int]) -> None:
    """The same for all cases of these customers: a change was taken back, a tier or an owner is
    another one."""
    for ids in chunks(sorted(set(customer_ids))):
        found = select(CASES.c.id).where(CASES.c.customer_id.in_(ids))
        refresh(database.session.execute(found).scalars().all())
        count_complaints(ids)  # also of who has no case any more


# Asked after each change of a customer, and making it costs more than asking it.
OUTDATED = (
    select(CASES.c.id)
    .select_from(
        CASES.join(CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id).outerjoin(
            FACTS, FACTS.c.case_id == CASES.c.id
        )
    )
    .where(
        CASES.c.customer_id == bindparam("customer"),
        CASES.c.state == "active",
        or_(
            and_(FACTS.c.case_id.is_not(None), CUSTOMERS.c.state.not_in(KEPT)),
            and_(FACTS.c.case_id.is_(None), CUSTOMERS.c.state.in_(KEPT)),
            and_(
                FACTS.c.case_id.is_not(None),
                or_(
                    FACTS.c.owner_id.is_distinct_from(CUSTOMERS.c.owner_id),
                    FACTS.c.tier.is_distinct_from(CUSTOMERS.c.tier),
                ),
            ),
        ),
    )
    .limit(1)
)


def are_outdated(customer_id: int) -> bool:
    """Whether the facts of a customer's cases are not what its owner, tier and state make of them."""
    return database.session.execute(OUTDATED, {"customer": customer_id}).first() is not None


def read(case_ids: Sequence[int]) -> list[tuple[Row, list[Row]]]:
    """Cases that are there, and their customer is, with its owner and tier, and with what happened to
    them."""
    wanted = (
        select(CASES, CUSTOMERS.c.owner_id, CUSTOMERS.c.tier, CUSTOMERS.c.lifecycle)
        .join(CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id)
        .where(CASES.c.id.in_(case_ids), CASES.c.state == "active", CUSTOMERS.c.state.in_(KEPT))
    )
    cases = database.session.execute(wanted).mappings().all()
    happened: dict[int, list[Row]] = {case["id"]: [] for case in cases}
    told = select(EVENTS).where(EVENTS.c.case_id.in_(list(happened)), EVENTS.c.state == "active")
    for event in database.session.execute(told.order_by(EVENTS.c.at, EVENTS.c.id)).mappings():
        happened[event["case_id"]].append(event)
    return [(case, happened[case["id"]]) for case in cases]


def clocks_now(
    case_ids: Sequence[int], now: datetime
) -> Iterator[tuple[Row, Calendar, Sequence[CaseClock]]]:
    """Those of these cases that are there, each with its calendar and its clocks at a moment; without
    those whose calendar has no working time."""
    for case, rows in read(case_ids):
        calendar = calendar_for(case)
        try:
            yield case, calendar, _clocks(case, events_of(case, rows), calendar, now)
        except NoWorkingTime:
            continue


def _clocks(
    case: Row, events: Sequence[Event], calendar: Calendar, now: datetime
) -> Sequence[CaseClock]:
    tier = tier_shown(case)
    return clocks_of(case, events, tier=tier, known=targets(), calendar=calendar, now=now)


def facts_of(case: Row, rows: Sequence[Row], now: datetime) -> dict[str, Any]:
    """What follows from a case and what happened to it."""
    events, calendar = events_of(case, rows), calendar_for(case)
    first = None
    if case["status"] != Status.CONFIRMED:
        try:
            first = next_due(_clocks(case, events, calendar, now))
        except NoWorkingTime:
            first = None  # nothing falls due where nobody works; the calendar's page says so
    reading = first.reading if first else None
    is_held = reading is not None and reading.is_held
    due = None if reading is None or is_held else reading.due
    step = max([0, *(row["data"]["step"] for row in rows if _is_of(row, first))])
    return {
        "case_id": case["id"],
        "owner_id": case["owner_id"],
        "tier": case["tier"],
        "assignee_id": case["assignee_id"],
        "team_id": case["team_id"],
        "is_open": case["status"] != Status.CONFIRMED,
        "status": case["status"],
        "clock": first.name if first else None,
        "unit": first.unit if first else None,
        "due_at": due,
        "sort_at": due or FAR,
        "is_held": is_held,
        "step": step,
        "step_at": _step_at(first, due, step, calendar),
        "reopened": casework.reopenings(events),
        "last_at": max([case["opened_at"], *(row["at"] for row in rows)]),
    }


def next_step(clock: str, due: datetime, step: int, calendar: Calendar) -> datetime | None:
    """When the step of the ladder after `step` comes; None when it is at its end."""
    moments = escalation.moments(due, escalation.ladder_of(clock), calendar)
    return moments[step] if step < len(moments) else None


def _step_at(
    first: CaseClock | None, due: datetime | None, step: int, calendar: Calendar
) -> datetime | None:
    if first is None or due is None:
        return None
    try:
        return next_step(first.name, due, step, calendar)
    except NoWorkingTime:
        return None


def _is_of(row: Row, clock: CaseClock | None) -> bool:
    """Whether an event is an escalation of the clock that is due next, by the deadline it has now."""
    if row["kind"] != "escalated" or clock is None:
        return False
    data = row["data"]
    return data["clock"] == clock.name and data["due"] == clock.reading.due.isoformat()


def calendar_for(case: Row) -> Calendar:
    """By which calendar a case's clocks go: that of its team, else the firm's."""
    team = next((one for one in teams() if one.id == case["team_id"]), None)
    return calendar_of(team.calendar_id if team else None)
