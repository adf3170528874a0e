"""Reading lists of proposals and pins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from crmlite import clock
from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.tiers.models import TierPin, TierProposal, TierReview

Row = Mapping[str, Any]
REVIEWS, PROPOSALS, PINS = TierReview.__table__, TierProposal.__table__, TierPin.__table__
CUSTOMERS = Customer.__table__
SIZE = 50
LONGEST = timedelta(hours=1)  # that making a list takes
SHOWN = ("id", "number", "name", "owner_id", "tier")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which proposals are wanted: of a tier before ("-" for none), after, in a state; from which on."""

    before: str = ""
    after: str = ""
    state: str = "open"
    page: int = 1


def current_review() -> Row | None:
    """The list that stands; None where none was made yet."""
    wanted = select(REVIEWS).where(REVIEWS.c.state == "open").order_by(REVIEWS.c.id.desc())
    return database.session.execute(wanted.limit(1)).mappings().first()


def is_making() -> bool:
    """Whether a list is being made just now: one that was begun long ago was cut short."""
    wanted = select(REVIEWS.c.id).where(
        REVIEWS.c.state == "making", REVIEWS.c.made_at > clock.now() - LONGEST
    )
    return database.session.execute(wanted.limit(1)).first() is not None


def proposals(review_id: int, asked: Asked, reader: Reader) -> Sequence[Row]:
    """A page of proposals, the largest mean first; one more than a page holds where more follow."""
    columns = (
        PROPOSALS,
        *(CUSTOMERS.c[name].label(f"customer_{name}") for name in SHOWN),
        PINS.c.reason.label("pin_reason"),
    )
    ordered = _wanted(review_id, asked, reader, *columns).order_by(
        PROPOSALS.c.mean.desc().nulls_last(), PROPOSALS.c.id
    )
    statement = ordered.offset((asked.page - 1) * SIZE).limit(SIZE + 1)
    return database.session.execute(statement).mappings().all()


def proposal_ids(
    review_id: int, asked: Asked, reader: Reader, picked: Sequence[int] | None = None
) -> list[int]:
    """The ids of what is wanted, or of those picked from it."""
    statement = _wanted(review_id, asked, reader, PROPOSALS.c.id)
    if picked is not None:
        statement = statement.where(PROPOSALS.c.id.in_(picked))
    return list(database.session.execute(statement.order_by(PROPOSALS.c.id)).scalars())


def moves(review_id: int, reader: Reader) -> list[tuple[str | None, str, int]]:
    """How many open proposals lead from which tier to which, the most first."""
    count = func.count()
    statement = _wanted(
        review_id, Asked(), reader, PROPOSALS.c.before, PROPOSALS.c.after, count
    ).group_by(PROPOSALS.c.before, PROPOSALS.c.after)
    rows = database.session.execute(statement.order_by(count.desc())).all()
    return [(row[0], row[1], row[2]) for row in rows]


def pin_of(customer_id: int) -> Row | None:
    """The pin of a customer; None where it has none."""
    wanted = select(PINS).where(PINS.c.customer_id == customer_id)
    return database.session.execute(wanted).mappings().first()


def holds() -> ColumnElement[bool]:
    """Whether a pin holds: as long as the customer has the tier that was pinned. Another one lets go of
    the pin (`operations.pinning.let_go`)."""
    return and_(PINS.c.customer_id == CUSTOMERS.c.id, PINS.c.tier == CUSTOMERS.c.tier)


def _wanted(review_id: int, asked: Asked, reader: Reader, *columns: Any) -> Select[Any]:
    joined = PROPOSALS.join(CUSTOMERS, CUSTOMERS.c.id == PROPOSALS.c.customer_id).outerjoin(
        PINS, holds()
    )
    statement = visible_to(reader, select(*columns).select_from(joined))
    statement = statement.where(
        PROPOSALS.c.review_id == review_id, PROPOSALS.c.state == asked.state
    )
    if asked.before:
        before = None if asked.before == "-" else asked.before
        statement = statement.where(PROPOSALS.c.before.is_not_distinct_from(before))
    if asked.after:
        statement = statement.where(PROPOSALS.c.after == asked.after)
    return statement
