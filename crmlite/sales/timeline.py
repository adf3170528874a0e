"""What orders put into a customer's timeline: each on its day, and what came back of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import g, url_for
from sqlalchemy import select

from crmlite import settings
from crmlite.access import Reader
from crmlite.access.sensitive import shown
from crmlite.accounts.queries import person_name
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.extensions import database
from crmlite.followups.dated import further, noon
from crmlite.sales import words
from crmlite.sales.models import Order, OrderLine, OrderReturn
from crmlite.wording import N_

ORDERS, LINES, RETURNS = Order.__table__, OrderLine.__table__, OrderReturn.__table__
NAMED = 3
Before = tuple[datetime, str] | None


def sources() -> list[TimelineSource]:
    """Orders and returns."""
    return [
        TimelineSource(name="orders", label=N_("orders"), entries=orders, weight=12),
        TimelineSource(name="returns", label=N_("returns"), entries=returns, weight=13),
    ]


def orders(customer: Row, reader: Reader, before: Before, limit: int) -> Sequence[Entry]:
    """Each order on its day, with where it stands now."""
    if not reader.covers("orders:see", customer["owner_id"]):
        return []
    wanted = select(ORDERS).where(
        ORDERS.c.customer_id == customer["id"], ORDERS.c.state == "active"
    )
    rows = _rows(wanted, ORDERS.c.ordered_on, ORDERS.c.id, "order", before, limit)
    if before is None and not rows:
        g.orders_nothing = customer["id"]
    named = _named([row["id"] for row in rows]) if rows else {}
    return [
        _entry(
            "order",
            row,
            row["ordered_on"],
            {
                "number": row["number"],
                "amount": _amount(reader, Order.total, row, customer),
                "status": words.status_label(row["status"]),
                "state": "kept" if row["status"] in ("delivered", "closed") else "",
                "who": person_name(row["seller_id"]),
                "lines": named.get(row["id"], []),
            },
        )
        for row in rows
    ]


def returns(customer: Row, reader: Reader, before: Before, limit: int) -> Sequence[Entry]:
    """Each return on its day. Where the stream has found no order there is none."""
    if not reader.covers("orders:see", customer["owner_id"]):
        return []
    if g.get("orders_nothing") == customer["id"]:
        return []
    wanted = (
        select(RETURNS, ORDERS.c.number.label("order_number"))
        .join(ORDERS, ORDERS.c.id == RETURNS.c.order_id)
        .where(
            RETURNS.c.customer_id == customer["id"],
            RETURNS.c.state == "active",
            ORDERS.c.state == "active",
        )
    )
    rows = _rows(wanted, RETURNS.c.returned_on, RETURNS.c.id, "return", before, limit)
    return [
        _entry(
            "return",
            row,
            row["returned_on"],
            {
                "number": row["order_number"],
                "return_number": row["number"],
                "amount": _amount(reader, OrderReturn.amount, row, customer),
                "settlement": words.settlement_label(row["settlement"]),
                "is_refund": row["settlement"] == words.REFUND,
                "reason": settings.choice_label(words.REASON, row["reason"])
                if row["reason"]
                else "",
            },
        )
        for row in rows
    ]


def _rows(
    wanted: Any, day: Any, row_id: Any, prefix: str, before: Before, limit: int
) -> Sequence[Row]:
    if before is not None:
        wanted = wanted.where(further(day, row_id, prefix, *before))
    found = wanted.order_by(day.desc(), row_id.desc()).limit(limit)
    return database.session.execute(found).mappings().all()


def _entry(kind: str, row: Row, day: date, context: dict[str, Any]) -> Entry:
    return Entry(
        at=noon(day),
        key=f"{kind}-{row['id']:012d}",
        kind=f"{kind}s",
        template=f"sales/moment_{kind}.html",
        context={**context, "day": day, "url": url_for("sales.show", number=context["number"])},
    )


def _amount(reader: Reader, attribute: Any, row: Row, customer: Row) -> str:
    found = shown(reader, attribute, row, owner_id=customer["owner_id"])
    return words.amount_words(found, row["currency"])


def _named(order_ids: Sequence[int]) -> dict[int, list[str]]:
    """The first lines of these orders: what and how much."""
    wanted = select(LINES.c.order_id, LINES.c.name, LINES.c.quantity, LINES.c.unit).where(
        LINES.c.order_id.in_(order_ids), LINES.c.state == "active"
    )
    found: dict[int, list[str]] = {}
    for row in database.session.execute(wanted.order_by(LINES.c.position, LINES.c.id)):
        lines = found.setdefault(row.order_id, [])
        if len(lines) < NAMED:
            unit = words.unit_label(row.unit)
            lines.append(f"{row.name} × {words.quantity_words(row.quantity)} {unit}".strip())
        elif lines[-1] != "…":
            lines.append("…")
    return found
