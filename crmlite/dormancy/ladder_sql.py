"""The steps of the ladder as conditions in SQL, for the whole book at once. What each means is said in
`crmlite.rules.dormancy`, with which the tests compare them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from crmlite.accounts.queries import ids_here
from crmlite.cases.models import Case, CaseFacts
from crmlite.customers.models import Customer, Facts
from crmlite.db.columns import UTCDateTime
from crmlite.dormancy.models import Dormancy, DormancyTerm
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone
from crmlite.rules.dormancy import (
    ARCHIVE,
    ASK,
    ASKED_FOR,
    AWAKE,
    BETWEEN,
    REST,
    RESTING,
    SHIPPED,
    WARN,
    Terms,
)
from crmlite.rules.lifecycle import ACTIVE

CUSTOMERS, FACTS, NOTED = Customer.__table__, Facts.__table__, Dormancy.__table__
TERMS, CASES, CASE_FACTS = DormancyTerm.__table__, Case.__table__, CaseFacts.__table__
HEARD = func.coalesce(FACTS.c.last_contact_at, CUSTOMERS.c.created_at, type_=UTCDateTime())
JOINED = CUSTOMERS.join(FACTS, FACTS.c.customer_id == CUSTOMERS.c.id).outerjoin(
    NOTED, NOTED.c.customer_id == CUSTOMERS.c.id
)

Condition = ColumnElement[bool]


def terms_by_tier() -> dict[str, Terms]:
    """The terms of the tiers that have their own, and under the empty key of all others."""
    rows = database.session.execute(select(TERMS)).all()
    found = {row.tier: Terms(row.warn, row.rest, row.ask, row.archive) for row in rows}
    return {"": SHIPPED, **found}


def due(step: str, columns: tuple[Any, ...], today: date) -> Select[Any]:
    """Customers for whom a step is due, joined with their facts and what the ladder noted."""
    return (
        select(*columns)
        .select_from(JOINED)
        .where(CUSTOMERS.c.state == "active", is_due(step, terms_by_tier(), today))
    )


def is_due(
    step: str,
    by_tier: Mapping[str, Terms],
    today: date,
    condition: Callable[[int, date], Condition] | None = None,
) -> Condition:
    """Whether a step is due, each tier by its own terms, or whether another condition holds that goes
    by the days of that step."""
    asked = condition or CONDITIONS[step]
    own = [tier for tier in by_tier if tier]
    tier = func.coalesce(CUSTOMERS.c.tier, "")
    parts = []
    for name, terms in by_tier.items():
        days = terms.of(step)
        if days is not None:
            theirs = tier == name if name else tier.not_in(own)
            parts.append(and_(theirs, asked(days, today)))
    return or_(*parts) if parts else CUSTOMERS.c.id < 0


def silent_since(days: int, today: date) -> Condition:
    """Whether there has been no real contact for so many days."""
    last = today - timedelta(days=days)
    first = CUSTOMERS.c.first_contact_on
    began = or_(FACTS.c.last_contact_at.is_not(None), first.is_(None), first <= last)
    return and_(until(last) > HEARD, began)


def until(day: date) -> datetime:
    """The moment at which a day of the firm is over."""
    return datetime.combine(day + timedelta(days=1), time.min, firm_zone())


def _warn(days: int, today: date) -> Condition:
    return and_(
        CUSTOMERS.c.lifecycle.in_(AWAKE),
        CUSTOMERS.c.owner_id.in_(ids_here()),
        silent_since(days, today),
        or_(NOTED.c.warned_at.is_(None), NOTED.c.warned_at < HEARD),
    )


def _rest(days: int, today: date) -> Condition:
    last = today - timedelta(days=days)
    return and_(
        CUSTOMERS.c.lifecycle.in_(AWAKE),
        silent_since(days, today),
        _not_after(FACTS.c.last_order_on, last),
        or_(NOTED.c.rested_at.is_(None), NOTED.c.rested_at < until(last)),
        _no_case(last),
    )


def _ask(days: int, today: date) -> Condition:
    end, last = CUSTOMERS.c.contract_ends_on, today - timedelta(days=days)
    return and_(
        CUSTOMERS.c.lifecycle == ACTIVE,
        CUSTOMERS.c.owner_id.in_(ids_here()),
        end <= last,
        end > last - timedelta(days=ASKED_FOR),
        or_(NOTED.c.asked_for.is_(None), NOTED.c.asked_for != end),
        or_(FACTS.c.last_order_on.is_(None), FACTS.c.last_order_on <= end),
        or_(
            FACTS.c.last_contact_at.is_(None),
            *(and_(end == day, FACTS.c.last_contact_at < until(day)) for day in _days(last)),
        ),
    )


def _days(last: date) -> list[date]:
    """The days on which a contract ended of which it is asked: each has its own moment at which it was
    over, also where the clocks are changed."""
    return [last - timedelta(days=back) for back in range(ASKED_FOR)]


def _archive(days: int, today: date) -> Condition:
    last = today - timedelta(days=days)
    between = until(today - timedelta(days=BETWEEN))
    return and_(
        CUSTOMERS.c.lifecycle.in_(RESTING),
        FACTS.c.open_needs == 0,
        silent_since(days, today),
        _not_after(FACTS.c.last_order_on, last),
        _not_after(CUSTOMERS.c.contract_ends_on, last),
        or_(NOTED.c.rested_at.is_(None), NOTED.c.rested_at < between),
        or_(NOTED.c.kept_at.is_(None), NOTED.c.kept_at < until(last)),
        _no_case(last),
    )


def _not_after(column: Any, last: date) -> Condition:
    return or_(column.is_(None), column <= last)


def _no_case(last: date) -> Condition:
    """Whether no case is open, and none was opened after a day."""
    theirs = (
        exists()
        .where(CASES.c.customer_id == CUSTOMERS.c.id, CASES.c.state == "active")
        .where(CASE_FACTS.c.case_id == CASES.c.id)
        .where(or_(CASE_FACTS.c.is_open, CASES.c.opened_at >= until(last)))
    )
    return ~theirs


CONDITIONS: Mapping[str, Callable[[int, date], Condition]] = {
    WARN: _warn,
    REST: _rest,
    ASK: _ask,
    ARCHIVE: _archive,
}
