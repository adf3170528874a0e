"""Whom and what rows mean: customers by number, name and phone; products by code and name; the orders
and returns that the book has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crmlite.customers.duplicates import Probe, find_matches
from crmlite.customers.models import Alias, Customer
from crmlite.extensions import database
from crmlite.imports.orders.reading import What, Whose
from crmlite.rules.names import name_key
from crmlite.rules.text import folded
from crmlite.sales.facts import returned
from crmlite.sales.models import Order, OrderLine, OrderReturn, Product
from crmlite.sales.words import REFUND
from crmlite.work.records import chunks

Row = Mapping[str, Any]
CUSTOMERS, ALIASES = Customer.__table__, Alias.__table__
ORDERS, LINES, RETURNS = Order.__table__, OrderLine.__table__, OrderReturn.__table__
PRODUCTS = Product.__table__
AT_ONCE = 500
MOST_LINES = 200  # of one customer among which what came back is looked for
OF_CUSTOMER = ("id", "number", "name", "name_key", "kind", "owner_id", "state")
THERE = ("active", "archived")
CAME_BACK = (
    select(func.count())
    .where(RETURNS.c.order_id == ORDERS.c.id, RETURNS.c.state == "active")
    .correlate(ORDERS)
    .scalar_subquery()
    .label("returns")
)


@dataclass(slots=True)
class Party:
    """A customer of the book, or one that is to be added (`id` None until then). `problem` says why no
    order can be written down for it."""

    id: int | None = None
    owner_id: int | None = None
    name: str = ""
    problem: str = ""
    params: Mapping[str, object] | None = None
    fresh: Whose | None = None


@dataclass(slots=True)
class Ware:
    """A product of the list, or one that is to be added to it (`id` None until then)."""

    id: int | None = None
    name: str = ""
    unit: str | None = None
    price: int | None = None
    currency: str = ""
    fresh: What | None = None


def customers_meant(asked: Collection[Whose]) -> dict[Whose, list[Row]]:
    """Who of the book each of these may be: by number; else by name with a phone or e-mail in common,
    or by the very name alone. Several where the name alone does not tell. A column that is called
    "Customer" may hold numbers: what nobody is called is looked for among them."""
    by_number = _by_number({one.number for one in asked if one.number})
    found = {one: [by_number[one.number]] for one in asked if one.number in by_number}
    named = [one for one in asked if one not in found and one.name]
    found |= _by_name(named)
    left = [one for one in named if one not in found and not one.number]
    by_number = _by_number({one.name for one in left})
    return found | {one: [by_number[one.name]] for one in left if one.name in by_number}


def _by_number(numbers: Collection[str]) -> dict[str, Row]:
    """Customers by their number, or by one that they had; not those in the recycle bin."""
    found: dict[str, Row] = {}
    wanted = [CUSTOMERS.c[name] for name in OF_CUSTOMER]
    for some in chunks(sorted(numbers), AT_ONCE):
        earlier = (
            select(ALIASES.c.number.label("asked"), *wanted)
            .join(CUSTOMERS, CUSTOMERS.c.id == ALIASES.c.customer_id)
            .where(ALIASES.c.number.in_(some))
        )
        now = select(CUSTOMERS.c.number.label("asked"), *wanted).where(CUSTOMERS.c.number.in_(some))
        for statement in (earlier, now):
            for row in database.session.execute(statement.order_by(CUSTOMERS.c.id)).mappings():
                if row["state"] in THERE:
                    found[row["asked"]] = row
    return found


def _by_name(asked: Sequence[Whose]) -> dict[Whose, list[Row]]:
    probes = [
        Probe(
            name=one.name,
            phones=(one.phone,) if one.phone else (),
            emails=(one.email,) if one.email else (),
        )
        for one in asked
    ]
    certain = {
        one: [match.customer_id for match in matches if match.certain]
        for one, matches in zip(asked, find_matches(probes), strict=True)
    }
    sure = {ids[0] for ids in certain.values() if ids}
    keys = {name_key(one.name) for one, ids in certain.items() if not ids}
    by_id: dict[int, Row] = {}
    by_key: dict[str, list[Row]] = {}
    for row in _customers(CUSTOMERS.c.id, sure):
        by_id[row["id"]] = row
    for row in _customers(CUSTOMERS.c.name_key, keys):
        by_key.setdefault(row["name_key"], []).append(row)
    found: dict[Whose, list[Row]] = {}
    for one, ids in certain.items():
        if ids:
            found[one] = [by_id[ids[0]]]
        elif same := [row for row in by_key.get(name_key(one.name), ()) if _is_called(row, one)]:
            found[one] = same
    return found


def _is_called(row: Row, one: Whose) -> bool:
    """Whether a customer has the very name. Two people of one name with different phones are two."""
    is_other = row["kind"] == "person" and bool(one.phone or one.email)
    return not is_other and folded(row["name"]).casefold() == folded(one.name).casefold()


def _customers(column: Any, values: Iterable[Any]) -> Iterable[Row]:
    wanted = [CUSTOMERS.c[name] for name in OF_CUSTOMER]
    for some in chunks(sorted(values), AT_ONCE):
        statement = select(*wanted).where(column.in_(some), CUSTOMERS.c.state.in_(THERE))
        yield from database.session.execute(statement.order_by(CUSTOMERS.c.id)).mappings()


def parties_of(customer_ids: Collection[int]) -> dict[int, Party]:
    """These customers, for rows that name nobody."""
    return {
        row["id"]: Party(row["id"], row["owner_id"], row["name"])
        for row in _customers(CUSTOMERS.c.id, customer_ids)
    }


def products_meant(asked: Collection[What]) -> dict[What, Ware]:
    """The products that these name: by code, else by name where only one is called so."""
    codes = {one.code for one in asked if one.code}
    names = {one.name for one in asked if one.name and not one.code}
    by_code = {row["code"]: row for row in _products(PRODUCTS.c.code, codes)}
    by_name: dict[str, list[Row]] = {}
    for row in _products(PRODUCTS.c.name, names):
        by_name.setdefault(row["name"], []).append(row)
    found = {}
    for one in asked:
        rows = [by_code[one.code]] if one.code in by_code else by_name.get(one.name, [])
        active = [row for row in rows if row["state"] == "active"]
        meant = rows if len(rows) == 1 else active
        if len(meant) == 1 and (one.code in by_code or not one.code):
            found[one] = ware_of(meant[0])
    return found


def ware_of(row: Row) -> Ware:
    """A product of the list."""
    return Ware(row["id"], row["name"], row["unit"], row["price"], row["currency"])


def _products(column: Any, values: Collection[str]) -> Iterable[Row]:
    for some in chunks(sorted(values), AT_ONCE):
        statement = select(PRODUCTS).where(column.in_(some), PRODUCTS.c.state != "deleted")
        yield from database.session.execute(statement.order_by(PRODUCTS.c.id)).mappings()


def orders_by_number(numbers: Collection[str]) -> dict[str, Row]:
    """The orders that have these numbers, each with the number of its `returns`; not those in the
    recycle bin."""
    found: dict[str, Row] = {}
    for some in chunks(sorted(numbers), AT_ONCE):
        numbered = (ORDERS.c.number.in_(some), ORDERS.c.state == "active")
        wanted = select(ORDERS, CAME_BACK).where(*numbered)
        found |= {row["number"]: row for row in database.session.execute(wanted).mappings()}
    return found


def returns_by_number(numbers: Collection[str]) -> set[str]:
    """Which of these are numbers of returns."""
    found: set[str] = set()
    for some in chunks(sorted(numbers), AT_ONCE):
        wanted = select(RETURNS.c.number).where(
            RETURNS.c.number.in_(some), RETURNS.c.state == "active"
        )
        found.update(database.session.execute(wanted).scalars())
    return found


def orders_on(days: Collection[tuple[int, Any]]) -> dict[tuple[int, Any], list[Row]]:
    """The orders of these customers on these days, each with the number of its `returns`."""
    found: dict[tuple[int, Any], list[Row]] = {}
    for some in chunks(sorted({customer_id for customer_id, _day in days}), AT_ONCE):
        wanted = select(ORDERS, CAME_BACK).where(
            ORDERS.c.customer_id.in_(some),
            ORDERS.c.state == "active",
            ORDERS.c.ordered_on.in_({day for _customer, day in days}),
        )
        for row in database.session.execute(wanted.order_by(ORDERS.c.id)).mappings():
            found.setdefault((row["customer_id"], row["ordered_on"]), []).append(row)
    return found


def lines_of(order_ids: Collection[int]) -> dict[int, list[Row]]:
    """The lines of these orders, in their order."""
    found: dict[int, list[Row]] = {}
    for some in chunks(sorted(order_ids), AT_ONCE):
        wanted = select(LINES).where(LINES.c.order_id.in_(some), LINES.c.state == "active")
        ordered = wanted.order_by(LINES.c.order_id, LINES.c.position, LINES.c.id)
        for row in database.session.execute(ordered).mappings():
            found.setdefault(row["order_id"], []).append(row)
    return found


def sold_lines(customer_id: int, ware: Ware, until: Any, order_id: int | None) -> list[Row]:
    """What a customer was sold of something by a day and has not given back (`left`), the latest
    first; with an order only what was sold with that."""
    wanted = (
        select(
            LINES.c.id,
            LINES.c.order_id,
            LINES.c.quantity,
            ORDERS.c.number,
            ORDERS.c.total,
            ORDERS.c.refunded,
            ORDERS.c.currency,
        )
        .join(ORDERS, ORDERS.c.id == LINES.c.order_id)
        .where(
            LINES.c.customer_id == customer_id,
            LINES.c.state == "active",
            ORDERS.c.state == "active",
            ORDERS.c.status.in_(("delivered", "closed")),
            ORDERS.c.ordered_on <= until,
            LINES.c.product_id == ware.id if ware.id else LINES.c.name == ware.name,
        )
        .order_by(ORDERS.c.ordered_on.desc(), LINES.c.id.desc())
        .limit(MOST_LINES)
    )
    if order_id is not None:
        wanted = wanted.where(LINES.c.order_id == order_id)
    rows = database.session.execute(wanted).mappings().all()
    back = returned([row["order_id"] for row in rows], REFUND) if rows else {}
    return [
        {**row, "left": left}
        for row in rows
        if (left := row["quantity"] - back.get(row["id"], 0)) > 0
    ]
