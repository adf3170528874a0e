"""Who sees an order, and who may change it: the one place that decides it. An order is its customer's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select

from crmlite.access import Reader, visible_to
from crmlite.access.scope import owned_by
from crmlite.customers.models import Customer
from crmlite.customers.queries import ALSO_ARCHIVED, EVERYDAY
from crmlite.sales.models import AMOUNTS, Order

ORDERS, CUSTOMERS = Order.__table__, Customer.__table__
ACTIVE = ("active",)


def seen_orders(
    reader: Reader,
    statement: Select[Any],
    *,
    permission: str = "orders:see",
    states: Sequence[str] = ACTIVE,
) -> Select[Any]:
    """The statement, whose FROMs include orders and their customers, limited to the orders that a
    reader sees, and with a `permission` besides to those with which they may do that."""
    of_customers = ALSO_ARCHIVED if reader.may("customers:see_archived") else EVERYDAY
    statement = statement.where(ORDERS.c.state.in_(states))
    for right in dict.fromkeys(("orders:see", permission)):
        statement = statement.where(owned_by(reader, CUSTOMERS, right))
    return visible_to(reader, statement, states=of_customers)


def may(reader: Reader, permission: str, owner_id: int | None) -> bool:
    """Whether a reader may do something with the orders of a customer of this owner. Who adds or
    changes orders sees what they come to."""
    if permission in ("orders:create", "orders:edit") and not reader.covers(AMOUNTS, owner_id):
        return False
    return reader.covers(permission, owner_id)


def sees_all_amounts(reader: Reader) -> bool:
    """Whether a reader sees the amounts of all orders that they see: a sum tells of each."""
    scope = reader.scope(AMOUNTS)
    return scope == "all" or scope == reader.scope("customers:see") != ""
