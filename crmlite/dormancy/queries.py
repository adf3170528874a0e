"""Reading the ladder: who is quiet, whose cooperation is over, and the list of the quarter."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer, Facts
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.dormancy.ladder_sql import JOINED, NOTED, is_due, silent_since, terms_by_tier
from crmlite.dormancy.models import CleanupLine, DormancyTerm
from crmlite.extensions import database
from crmlite.rules.dormancy import AWAKE, RESTING, WARN
from crmlite.rules.lifecycle import ACTIVE

Row = Mapping[str, Any]
CUSTOMERS, FACTS = Customer.__table__, Facts.__table__
LINES, TERMS = CleanupLine.__table__, DormancyTerm.__table__
SIZE, MOST_COUNTED = 50, 10_000
SHOWN = ("id", "number", "name", "tier", "lifecycle", "owner_id", "contract_ends_on", "lost_reason")


def quiet(reader: Reader, today: date, cursor: str = "") -> Page:
    """A page of those of whom nothing was heard for as long as their owner is warned after, the longest
    first. Raises BadCursor."""
    return _page(_quiet(reader, today), cursor)


def ended(reader: Reader, cursor: str = "") -> Page:
    """A page of those whose cooperation is over, as their owners were asked. Raises BadCursor."""
    return _page(_ended(reader), cursor)


def cleanup(quarter: str, reader: Reader, cursor: str = "") -> Page:
    """A page of the list of a quarter that is not decided yet. Raises BadCursor."""
    return _page(_listed(quarter, reader), cursor)


def counted(quarter: str, reader: Reader, today: date) -> dict[str, int]:
    """How many there are of each; counting stops at a cap."""
    wanted = {
        "quiet": _quiet(reader, today),
        "ended": _ended(reader),
        "cleanup": _listed(quarter, reader),
    }
    numbers = [
        select(func.count()).select_from(one.limit(MOST_COUNTED).subquery()).scalar_subquery()
        for one in wanted.values()
    ]
    row = database.session.execute(select(*numbers)).one()
    return dict(zip(wanted, (int(number) for number in row), strict=True))


def listed_ids(
    quarter: str, reader: Reader, most: int, picked: Sequence[int] | None = None
) -> list[int]:
    """The ids of what stands on the list undecided, or of those picked from it."""
    wanted = _listed(quarter, reader).with_only_columns(CUSTOMERS.c.id)
    if picked is not None:
        wanted = wanted.where(CUSTOMERS.c.id.in_(picked))
    ordered_ids = wanted.order_by(CUSTOMERS.c.id).limit(most)
    return list(database.session.execute(ordered_ids).scalars())


def terms_row(tier: str) -> Row | None:
    """The terms of a tier as they are stored; None where it has none of its own."""
    wanted = select(TERMS).where(TERMS.c.tier == tier)
    return database.session.execute(wanted).mappings().first()


def _columns() -> tuple[Any, ...]:
    return (*(CUSTOMERS.c[name] for name in SHOWN), FACTS.c.last_contact_at, NOTED.c.held)


def _quiet(reader: Reader, today: date) -> Select[Any]:
    silent = is_due(WARN, terms_by_tier(), today, silent_since)
    wanted = select(*_columns()).select_from(JOINED)
    return visible_to(reader, wanted).where(CUSTOMERS.c.lifecycle.in_(AWAKE), silent)


def _ended(reader: Reader) -> Select[Any]:
    wanted = select(*_columns()).select_from(JOINED)
    end = CUSTOMERS.c.contract_ends_on
    return visible_to(reader, wanted).where(
        NOTED.c.asked_for == end,
        CUSTOMERS.c.lifecycle == ACTIVE,
        or_(FACTS.c.last_order_on.is_(None), FACTS.c.last_order_on <= end),
    )


def _listed(quarter: str, reader: Reader) -> Select[Any]:
    on_list = and_(LINES.c.customer_id == CUSTOMERS.c.id, LINES.c.quarter == quarter)
    wanted = select(*_columns()).select_from(JOINED.join(LINES, on_list))
    return visible_to(reader, wanted).where(
        LINES.c.keep.is_(False), CUSTOMERS.c.lifecycle.in_(RESTING)
    )


def _page(wanted: Select[Any], cursor: str) -> Page:
    sort = Sort("heard", FACTS.c.last_contact_at)
    statement = ordered(wanted, sort, CUSTOMERS.c.id, cursor, SIZE)
    rows = database.session.execute(statement).mappings().all()
    return cut(rows, sort, cursor, SIZE, key="last_contact_at", id_key="id")
