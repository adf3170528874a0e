"""What tiers follow from, for many customers at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from crmlite import settings
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Interaction
from crmlite.rules.amounts import exponent
from crmlite.rules.order_states import BOUGHT
from crmlite.sales.models import Order

CUSTOMERS, FACTS = Customer.__table__, Facts.__table__
TALKS, ORDERS = Interaction.__table__, Order.__table__
HALF_YEAR, YEAR = timedelta(days=182), timedelta(days=365)
PROSPECTS: Mapping[str, int] = {"low": 1, "medium": 2, "high": 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A customer with the values of its factors (None: unknown)."""

    id: int
    tier: str | None
    values: Mapping[str, float | None]


def known(customer_ids: Sequence[int], today: date) -> list[Known]:
    """What is known of these customers. Margin and satisfaction are not, until they are recorded."""
    talks = _talks(customer_ids, today)
    before = _bought_before(customer_ids, today)
    return [
        Known(id=row["id"], tier=row["tier"], values=_values(row, talks, before, today))
        for row in _rows(customer_ids)
    ]


def _values(
    row: Mapping[str, Any], talks: Mapping[int, int], before: Mapping[int, int], today: date
) -> dict[str, float | None]:
    currency = settings.get("currency")
    unit = 10 ** exponent(currency)
    bought = row["bought_year"] if row["orders"] else None
    if bought is None and row["currency"] == currency:
        bought = row["annual_amount"]
    earlier = before.get(row["id"], 0)
    since = row["cooperation_on"] or row["first_order_on"]
    return {
        "amount": bought / unit if bought is not None else None,
        "margin": None,
        "tenure": max(0, (today - since).days) / 365 if since else None,
        "contacts": float(talks.get(row["id"], 0)) if row["interactions"] else None,
        "satisfaction": None,
        "growth": 100 * row["bought_year"] / earlier if earlier else None,
        "prospects": float(PROSPECTS[row["prospects"]]) if row["prospects"] in PROSPECTS else None,
    }


def _rows(customer_ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    names = ("id", "tier", "currency", "annual_amount", "cooperation_on", "prospects")
    facts = ("bought_year", "orders", "first_order_on", "interactions")
    statement = (
        select(*(CUSTOMERS.c[name] for name in names), *(FACTS.c[name] for name in facts))
        .join(FACTS, FACTS.c.customer_id == CUSTOMERS.c.id)
        .where(CUSTOMERS.c.id.in_(customer_ids))
    )
    return database.session.execute(statement).mappings().all()


def _talks(customer_ids: Sequence[int], today: date) -> dict[int, int]:
    """How many real contacts there were within half a year."""
    zone = ZoneInfo(settings.get("timezone"))
    start = datetime.combine(today - HALF_YEAR, time.min, zone)
    statement = (
        select(TALKS.c.customer_id, func.count())
        .where(
            TALKS.c.customer_id.in_(customer_ids),
            TALKS.c.state == "active",
            TALKS.c.answered.is_(True),
            TALKS.c.occurred_at >= start,
        )
        .group_by(TALKS.c.customer_id)
    )
    return {row[0]: row[1] for row in database.session.execute(statement)}


def _bought_before(customer_ids: Sequence[int], today: date) -> dict[int, int]:
    """What was bought in the year before the last one, in the firm's currency."""
    statement = (
        select(ORDERS.c.customer_id, func.sum(ORDERS.c.total - ORDERS.c.refunded))
        .where(
            ORDERS.c.customer_id.in_(customer_ids),
            ORDERS.c.state == "active",
            ORDERS.c.status.in_(BOUGHT),
            ORDERS.c.currency == settings.get("currency"),
            ORDERS.c.ordered_on > today - 2 * YEAR,
            ORDERS.c.ordered_on <= today - YEAR,
        )
        .group_by(ORDERS.c.customer_id)
    )
    return {row[0]: int(row[1]) for row in database.session.execute(statement)}
