"""What follows from orders, their lines and returns: what each comes to, what customers bought.

Made by the same rules as the form shows, after each change and after an undo, compared by
`crmlite check`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, func, insert, or_, select, update

from crmlite import clock, settings
from crmlite.customers.models import Facts
from crmlite.customers.tags.rules import have_looked_at
from crmlite.extensions import database
from crmlite.rules import purchases
from crmlite.rules.order_states import BOUGHT, RETURNABLE
from crmlite.rules.pricing import Item, Sums, sums
from crmlite.rules.purchases import Cycle, Lately, Purchase, Purchases
from crmlite.rules.quantities import Discount
from crmlite.sales.models import Order, OrderLine, OrderReturn, OrderReturnLine, PurchaseCycle
from crmlite.sales.search_rows import index_orders
from crmlite.work import Refused
from crmlite.work.operations import current, is_running
from crmlite.work.records import chunks

Row = Mapping[str, Any]
FACTS = Facts.__table__
ORDERS, LINES = Order.__table__, OrderLine.__table__
CYCLES = PurchaseCycle.__table__
RETURNS, PARTS = OrderReturn.__table__, OrderReturnLine.__table__


def refresh(customer_ids: Iterable[int]) -> None:
    """Make everything of these customers' orders anew: a change was taken back. Refuses with
    `order_has_returns` where more would have come back, or been paid back, than was sold, or of what was
    not delivered; only of orders that the operation changed, for books of before may hold such."""
    for ids in chunks(sorted(set(customer_ids))):
        found = select(ORDERS.c.id).where(ORDERS.c.customer_id.in_(ids))
        orders = list(database.session.execute(found).scalars())
        refresh_orders(orders)
        if is_running():
            _refuse_unsound(_changed(orders))
        refresh_customers(ids)


def refresh_orders(order_ids: Iterable[int]) -> None:
    """Reckon what these orders come to, and by what they are found. Belongs inside an operation."""
    for ids in chunks(sorted(set(order_ids))):
        orders, lines = [], []
        for order, of_order, refunded in read(ids):
            found = sums_of(order, of_order)
            orders.append(
                {
                    "row": order["id"],
                    "subtotal": found.subtotal,
                    "total": found.total,
                    "refunded": refunded,
                }
            )
            lines += [
                {"row": line["id"], "amount": amount}
                for line, amount in zip(of_order, found.lines, strict=True)
                if line["amount"] != amount
            ]
        _write(ORDERS, ("subtotal", "total", "refunded"), orders)
        _write(LINES, ("amount",), lines)
        index_orders(ids)


def _write(table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    if rows:
        statement = update(table).where(table.c.id == bindparam("row"))
        database.session.connection().execute(
            statement.values({name: bindparam(name) for name in names}), rows
        )


def read(order_ids: Sequence[int]) -> list[tuple[Row, list[Row], int]]:
    """Orders with their lines, and how much was paid back of each."""
    wanted = select(ORDERS).where(ORDERS.c.id.in_(order_ids)).order_by(ORDERS.c.id)
    orders = database.session.execute(wanted).mappings().all()
    lines: dict[int, list[Row]] = {order["id"]: [] for order in orders}
    of_orders = select(LINES).where(LINES.c.order_id.in_(list(lines)), LINES.c.state == "active")
    for line in database.session.execute(
        of_orders.order_by(LINES.c.position, LINES.c.id)
    ).mappings():
        lines[line["order_id"]].append(line)
    back = (
        select(RETURNS.c.order_id, func.sum(RETURNS.c.amount))
        .where(RETURNS.c.order_id.in_(list(lines)), RETURNS.c.state == "active")
        .group_by(RETURNS.c.order_id)
    )
    refunded = {order_id: int(amount) for order_id, amount in database.session.execute(back)}
    return [(order, lines[order["id"]], refunded.get(order["id"], 0)) for order in orders]


def sums_of(order: Row, lines: Sequence[Row]) -> Sums:
    """What an order comes to by its lines."""
    return sums([item_of(line) for line in lines], discount_of(order))


def item_of(line: Row) -> Item:
    """A line as the rules reckon with it."""
    return Item(quantity=line["quantity"], price=line["price"], discount=discount_of(line))


def discount_of(row: Row) -> Discount:
    """What is taken off a line or an order."""
    return Discount(rate=row["discount_rate"], amount=row["discount_amount"])


def refresh_customers(customer_ids: Iterable[int]) -> None:
    """Reckon what these customers bought. Belongs inside an operation."""
    for ids in chunks(sorted(set(customer_ids))):
        usual = bought_on(ids)
        rows = [
            {"row": customer_id, **facts_of(found, recent, purchases.cycle(usual[customer_id]))}
            for customer_id, (found, recent) in bought(ids).items()
        ]
        names = [name for name in rows[0] if name != "row"]
        database.session.connection().execute(
            update(FACTS)
            .where(FACTS.c.customer_id == bindparam("row"))
            .values({name: bindparam(name) for name in names}),
            rows,
        )
        _note_cycles(ids)
        have_looked_at(ids)


def bought_on(customer_ids: Sequence[int]) -> dict[int, list[date]]:
    """On which days these customers ordered, in whatever currency; orders that came back wholly are left
    out."""
    found: dict[int, list[date]] = {customer_id: [] for customer_id in customer_ids}
    wanted = _counting(select(ORDERS.c.customer_id, ORDERS.c.ordered_on).distinct(), customer_ids)
    kept = or_(ORDERS.c.refunded == 0, ORDERS.c.total > ORDERS.c.refunded)
    for customer_id, day in database.session.execute(wanted.where(kept)):
        found[customer_id].append(day)
    return found


def _note_cycles(customer_ids: Sequence[int]) -> None:
    """Note how often these customers buy each product of which they bought often enough."""
    back = (
        select(PARTS.c.line_id, func.sum(PARTS.c.quantity).label("quantity"))
        .join(RETURNS, RETURNS.c.id == PARTS.c.return_id)
        .where(RETURNS.c.state == "active", RETURNS.c.settlement == "refund")
        .where(RETURNS.c.customer_id.in_(customer_ids))
        .group_by(PARTS.c.line_id)
        .subquery()
    )
    wanted = _counting(
        select(ORDERS.c.customer_id, LINES.c.product_id, ORDERS.c.ordered_on)
        .distinct()
        .select_from(
            ORDERS.join(LINES, LINES.c.order_id == ORDERS.c.id).outerjoin(
                back, back.c.line_id == LINES.c.id
            )
        ),
        customer_ids,
    ).where(
        LINES.c.state == "active",
        LINES.c.product_id.is_not(None),
        or_(back.c.quantity.is_(None), LINES.c.quantity > back.c.quantity),
    )
    days: dict[tuple[int, int], list[date]] = {}
    for customer_id, product_id, day in database.session.execute(wanted):
        days.setdefault((customer_id, product_id), []).append(day)
    rows = [
        {
            "customer_id": key[0],
            "product_id": key[1],
            "days": found.days,
            "interval": found.interval,
            "last_on": found.last_on,
            "next_on": found.next_on,
        }
        for key, some in days.items()
        if (found := purchases.cycle(some)).next_on is not None
    ]
    session = database.session
    session.execute(delete(CYCLES).where(CYCLES.c.customer_id.in_(customer_ids)))
    if rows:
        session.execute(insert(CYCLES), rows)


def _counting(statement: Select[Any], customer_ids: Sequence[int]) -> Select[Any]:
    """Of orders of these customers those that count as bought."""
    return statement.where(
        ORDERS.c.customer_id.in_(customer_ids),
        ORDERS.c.state == "active",
        ORDERS.c.status.in_(BOUGHT),
    )


def bought(customer_ids: Sequence[int]) -> dict[int, tuple[Purchases, Lately]]:
    """What these customers bought, in all and within a year, in the firm's currency."""
    found: dict[int, list[Purchase]] = {customer_id: [] for customer_id in customer_ids}
    net = func.sum(ORDERS.c.total - ORDERS.c.refunded)
    wanted = (
        _counting(
            select(ORDERS.c.customer_id, ORDERS.c.ordered_on, net, func.count()), customer_ids
        )
        .where(ORDERS.c.currency == settings.get("currency"))
        .group_by(ORDERS.c.customer_id, ORDERS.c.ordered_on)
    )
    for customer_id, day, amount, orders in database.session.execute(wanted):
        found[customer_id].append(Purchase(day, int(amount), orders))
    today = settings.local_day(current().at if is_running() else clock.now())
    return {
        customer_id: (purchases.together(some), purchases.lately(some, today))
        for customer_id, some in found.items()
    }


def facts_of(found: Purchases, recent: Lately, usual: Cycle) -> dict[str, Any]:
    """What is kept of it, by the columns of the facts."""
    return {
        "orders": found.orders,
        "bought": found.bought,
        "average_order": found.average,
        "first_order_on": found.first_on,
        "last_order_on": found.last_on,
        "order_interval": found.interval,
        "next_order_on": usual.next_on,
        "orders_year": recent.orders,
        "bought_year": recent.bought,
        "orders_until": recent.until,
    }


def returned(order_ids: Sequence[int], settlement: str = "") -> dict[int, int]:
    """How much of each line of these orders came back, by the line's id; with a `settlement` only what
    was settled so."""
    wanted = (
        select(PARTS.c.line_id, func.sum(PARTS.c.quantity))
        .join(RETURNS, RETURNS.c.id == PARTS.c.return_id)
        .where(RETURNS.c.order_id.in_(order_ids), RETURNS.c.state == "active")
        .group_by(PARTS.c.line_id)
    )
    if settlement:
        wanted = wanted.where(RETURNS.c.settlement == settlement)
    return {line_id: int(quantity) for line_id, quantity in database.session.execute(wanted)}


def _changed(order_ids: Iterable[int]) -> list[int]:
    """Those of these orders of which the operation changed anything."""
    ids: dict[str, set[int]] = {}
    for change in current().changes:
        ids.setdefault(change["record_type"], set()).add(change["record_id"])
    found = set(ids.get("order", ()))
    along = {
        "order_line": select(LINES.c.order_id, LINES.c.id),
        "order_return": select(RETURNS.c.order_id, RETURNS.c.id),
        "order_return_line": select(RETURNS.c.order_id, PARTS.c.id).join(
            PARTS, PARTS.c.return_id == RETURNS.c.id
        ),
    }
    for name, wanted in along.items():
        key = wanted.selected_columns.id
        for some in chunks(sorted(ids.get(name, ()))):
            found.update(database.session.execute(wanted.where(key.in_(some))).scalars())
    return sorted(found.intersection(order_ids))


def _refuse_unsound(order_ids: Sequence[int]) -> None:
    for ids in chunks(order_ids):
        back = returned(ids, "refund")
        sold = select(LINES.c.id, LINES.c.quantity).where(
            LINES.c.id.in_(list(back)), LINES.c.state == "active"
        )
        quantities = {row.id: row.quantity for row in database.session.execute(sold)}
        stuck = (
            select(ORDERS.c.id)
            .join(RETURNS, RETURNS.c.order_id == ORDERS.c.id)
            .where(
                ORDERS.c.id.in_(ids),
                ORDERS.c.state == "active",
                RETURNS.c.state == "active",
                ORDERS.c.status.not_in(RETURNABLE),
            )
        )
        overpaid = select(ORDERS.c.id).where(
            ORDERS.c.id.in_(ids), ORDERS.c.state == "active", ORDERS.c.refunded > ORDERS.c.total
        )
        if (
            any(quantity > quantities.get(line_id, 0) for line_id, quantity in back.items())
            or database.session.execute(stuck.limit(1)).first()
            or database.session.execute(overpaid.limit(1)).first()
        ):
            raise Refused("order_has_returns")
