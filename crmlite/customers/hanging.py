"""What hangs on a customer, read once per request however many parts of a page show it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g

from crmlite.customers import queries

Row = Mapping[str, Any]


def contacts(customer_id: int) -> Sequence[Row]:
    """Its contacts, the main one first."""
    return _once("contacts", customer_id, queries.contacts_of)


def needs(customer_id: int) -> Sequence[Row]:
    """Its needs, open ones first."""
    return _once("needs", customer_id, queries.needs_of)


def remarks(customer_id: int) -> Sequence[Row]:
    """Its remarks, risk notes first."""
    return _once("remarks", customer_id, queries.remarks_of)


def forget() -> None:
    """Read everything anew from now on: something was changed."""
    g.pop("customer_hanging", None)


def _once(what: str, customer_id: int, read: Callable[[int], Sequence[Row]]) -> Sequence[Row]:
    known: dict[tuple[str, int], Sequence[Row]] = g.setdefault("customer_hanging", {})
    if (what, customer_id) not in known:
        known[what, customer_id] = read(customer_id)
    return known[what, customer_id]
