"""Writing orders down and correcting them, with their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, update

from crmlite import settings
from crmlite.customers.models import Customer
from crmlite.customers.words import money
from crmlite.extensions import database
from crmlite.rules.order_states import BOUGHT, OPEN_LINES, Status, wrong_state
from crmlite.rules.pricing import Item, item_problem, order_problem, sums
from crmlite.rules.problems import Problem
from crmlite.rules.quantities import Discount
from crmlite.sales.facts import discount_of, read, refresh_customers, refresh_orders
from crmlite.sales.models import Order, OrderLine, OrderReturn, OrderReturnLine
from crmlite.sales.numbers import give_order_number
from crmlite.work import Actor, Gone, Refused, Stale, current, operation, records, tell

Row = Mapping[str, Any]
ORDERS, LINES, CUSTOMERS = Order.__table__, OrderLine.__table__, Customer.__table__
RETURNS, PARTS = OrderReturn.__table__, OrderReturnLine.__table__
OF_LINE = ("product_id", "name", "unit", "quantity", "price")


@dataclass(frozen=True, kw_only=True, slots=True)
class LineDraft:
    """A line as it is to be; `id` names one that the order has already. Quantity in thousandths, price
    in minor units."""

    name: str
    quantity: int
    price: int
    product_id: int | None = None
    unit: str | None = None
    discount: Discount = field(default_factory=Discount)
    id: int | None = None

    @property
    def item(self) -> Item:
        """The line as the rules reckon with it."""
        return Item(quantity=self.quantity, price=self.price, discount=self.discount)

    def columns(self) -> dict[str, Any]:
        """Its columns."""
        return {name: getattr(self, name) for name in OF_LINE} | {
            "discount_rate": self.discount.rate,
            "discount_amount": self.discount.amount,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderDraft:
    """An order to be written down. `values` are columns of Order: ordered_on, status and what else is
    known; `number` is one that it has already."""

    customer_id: int
    values: Mapping[str, Any]
    lines: Sequence[LineDraft] = ()
    number: str | None = None


@operation("order_added")
def add_order(draft: OrderDraft, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Write an order down; answers `{"id", "number", "operation"}`.

    Raises Gone for a customer who is not there. Refused: `number-taken`, what `check_number` names,
    `order_empty`, `discount_too_large`, `amount_out_of_range`.
    """
    there = select(CUSTOMERS.c.id).where(
        CUSTOMERS.c.id == draft.customer_id, CUSTOMERS.c.state.in_(("active", "archived"))
    )
    if database.session.execute(there).first() is None:
        raise Gone("customer", draft.customer_id)
    values = {
        "status": Status.CONFIRMED.value,
        "seller_id": by.user_id,
        "currency": settings.get("currency"),
        **draft.values,
    }
    if values["status"] in BOUGHT and not draft.lines:
        raise Refused("order_empty")
    refuse_sums(
        draft.lines, Discount(values.get("discount_rate", 0), values.get("discount_amount", 0))
    )
    number = give_order_number(draft.number)
    order_id = records.insert(
        Order,
        {**values, "number": number, "customer_id": draft.customer_id, "state": "active"},
    )
    order = {"id": order_id, "customer_id": draft.customer_id, "currency": values["currency"]}
    _add_lines(order, draft.lines, 0)
    return {"id": order_id, "number": number, "operation": settled(order)}


@operation("order_updated")
def update_order(
    order_id: int,
    values: Mapping[str, Any],
    lines: Sequence[LineDraft] | None = None,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Correct an order; `lines` None leaves these as they are. Answers the operation's id, 0 when
    nothing changed.

    A line that is not named any more goes away. Raises Gone, Stale. Refused: `number-taken`,
    `order_lines_fixed` once it is delivered, `order_has_returns` for a line of which something came
    back, `order_paid_back`, `order_empty`, `discount_too_large`, `amount_out_of_range`.
    """
    order = load(order_id)
    if version is not None and order["version"] != version:
        raise Stale("order", order_id)
    given = dict(values)
    if given.get("number", order["number"]) != order["number"]:
        given["number"] = give_order_number(given["number"])
    [(_, known, refunded)] = read([order_id])
    wanted = [_draft_of(line) for line in known] if lines is None else lines
    status = given.get("status", order["status"])
    returns = number_of(RETURNS, order_id) if status != order["status"] else 0
    refuse(wrong_state(status, lines=len(wanted), returns=returns))
    discount = discount_of({**order, **given})
    refuse_sums(wanted, discount)
    if sums([line.item for line in wanted], discount).total < refunded:
        refuse(Problem("order_paid_back", {"back": money(refunded, order["currency"])}))
    changed = bool(records.update(Order, order_id, given))
    if lines is not None:
        changed_lines = _change_lines(order, known, lines)
        if changed_lines and not changed:
            _touch(order)
        changed = changed or changed_lines
    return settled(order) if changed else 0


def load(order_id: int) -> Row:
    """An order that is there, as the operation finds it; nobody else changes it until the operation's
    end. Raises Gone."""
    wanted = select(ORDERS).where(ORDERS.c.id == order_id, ORDERS.c.state == "active")
    if database.engine.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        raise Gone("order", order_id)
    return row


def settled(order: Row) -> int:
    """Have everything follow that follows from a change of an order; answers the operation's id."""
    refresh_orders([order["id"]])
    refresh_customers([order["customer_id"]])
    tell("order_changed", order_id=order["id"], customer_id=order["customer_id"])
    return current().id


def number_of(table: Table, order_id: int) -> int:
    """How many lines, or returns, an order has."""
    wanted = (
        select(func.count())
        .select_from(table)
        .where(table.c.order_id == order_id, table.c.state == "active")
    )
    return int(database.session.execute(wanted).scalar_one())


def refuse(problem: Problem | None) -> None:
    """Raise Refused for a problem, if there is one."""
    if problem is not None:
        raise Refused(problem.code, problem.params)


def refuse_sums(lines: Sequence[LineDraft], discount: Discount) -> None:
    """Refuse lines that cannot be sold so, and an order that cannot be so."""
    for line in lines:
        refuse(item_problem(line.item))
    refuse(order_problem([line.item for line in lines], discount))


def has_come_back(line_ids: Sequence[int]) -> bool:
    """Whether anything of these lines is written down as returned."""
    wanted = (
        select(PARTS.c.id)
        .join(RETURNS, RETURNS.c.id == PARTS.c.return_id)
        .where(PARTS.c.line_id.in_(line_ids), RETURNS.c.state == "active")
    )
    return database.session.execute(wanted.limit(1)).first() is not None


def _draft_of(line: Row) -> LineDraft:
    return LineDraft(
        id=line["id"], discount=discount_of(line), **{name: line[name] for name in OF_LINE}
    )


def _change_lines(order: Row, known: Sequence[Row], lines: Sequence[LineDraft]) -> bool:
    """Make the lines of an order these; answers whether that changed anything."""
    by_id = {line["id"]: line for line in known}
    kept = {line.id for line in lines if line.id in by_id}
    dropped = [line_id for line_id in by_id if line_id not in kept]
    wanted: dict[int, dict[str, Any]] = {line_id: {"state": "deleted"} for line_id in dropped}
    fresh: list[tuple[int, LineDraft]] = []
    for position, line in enumerate(lines):
        if line.id in by_id and line.id not in wanted:
            wanted[line.id] = {**line.columns(), "position": position}
        else:
            fresh.append((position, line))
    if not fresh and all(_is_so(by_id[line_id], columns) for line_id, columns in wanted.items()):
        return False
    if order["status"] not in OPEN_LINES:
        raise Refused("order_lines_fixed")
    if dropped and has_come_back(dropped):
        raise Refused("order_has_returns")
    records.update_many(OrderLine, wanted)
    for position, line in fresh:
        _add_lines(order, [line], position)
    return True


def _is_so(line: Row, columns: Mapping[str, Any]) -> bool:
    return all(line[name] == value for name, value in columns.items())


def _add_lines(order: Row, lines: Sequence[LineDraft], first: int) -> None:
    records.insert_many(
        OrderLine,
        [
            {
                **line.columns(),
                "order_id": order["id"],
                "customer_id": order["customer_id"],
                "currency": order["currency"],
                "state": "active",
                "position": position,
            }
            for position, line in enumerate(lines, first)
        ],
    )


def _touch(order: Row) -> None:
    """Let whoever has the order open learn that its lines are other ones."""
    database.session.execute(
        update(ORDERS)
        .where(ORDERS.c.id == order["id"])
        .values(records.touched_columns(ORDERS, order))
    )
