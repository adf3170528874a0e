"""Single orders, and the list of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, func, select

from crmlite import settings
from crmlite.access import Reader
from crmlite.customers.models import Customer
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database
from crmlite.rules.numbering import LONGEST, NUMBER
from crmlite.rules.order_states import BOUGHT
from crmlite.sales.models import Order, OrderLine, OrderReturn, OrderReturnLine, Product
from crmlite.sales.sight import seen_orders, sees_all_amounts
from crmlite.search.queries import find
from crmlite.work.records import chunks

Row = Mapping[str, Any]
ORDERS, LINES, CUSTOMERS = Order.__table__, OrderLine.__table__, Customer.__table__
RETURNS, PARTS, PRODUCTS = OrderReturn.__table__, OrderReturnLine.__table__, Product.__table__
SOURCE = ORDERS.join(CUSTOMERS, CUSTOMERS.c.id == ORDERS.c.customer_id)
OF_CUSTOMER = ("number", "name", "owner_id", "state", "kind")
SIZE = 50
MOST_SUMMED = 10_000  # of a list that is narrowed down
MOST_COUNTED = 1_000  # of all orders: nobody adds up what was ever bought, and it is asked for most
MOST_FOUND = 200
AT_ONCE = 1000
MINE, TEAM, ALL = "mine", "team", "all"
VIEWS = (MINE, TEAM, ALL)
BY_DAY, BY_TOTAL = "day", "total"
SORTS = {BY_DAY: ORDERS.c.ordered_on, BY_TOTAL: ORDERS.c.total}
SHOWN = tuple(
    ORDERS.c[name]
    for name in (
        "id", "number", "status", "ordered_on", "expected_on", "seller_id", "currency", "subtotal",
        "total", "refunded", "customer_id",
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the list is asked for: one of VIEWS, a state, a salesperson, a period with its first and
    last day, a product, a customer, the least and the most that an order comes to (in minor units of
    the firm's currency), a text; by which of SORTS. `saved` is the saved view it came from; 0 for none.
    """

    view: str = ALL
    status: str = ""
    seller_id: int | None = None
    period: str = ""
    since: date | None = None
    until: date | None = None
    product_id: int | None = None
    customer_id: int | None = None
    least: int | None = None
    most: int | None = None
    text: str = ""
    sort: str = BY_DAY
    descending: bool = True
    saved: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """How many orders there are, more than `most_counted` counting as one more than it, and what was
    bought with them less what was paid back, by currency; nothing where there are too many."""

    count: int
    sums: Mapping[str, int]


def order(number: str, *, seen_by: Reader, permission: str = "orders:see") -> Row:
    """An order with its customer (`customer_name`, `customer_number` …), by its number; 404 when it is
    out of the reader's sight. `permission` asks for another right besides."""
    if len(number) > LONGEST or not NUMBER.fullmatch(number):
        abort(404)
    customer = (CUSTOMERS.c[name].label(f"customer_{name}") for name in OF_CUSTOMER)
    statement = select(ORDERS, *customer).select_from(SOURCE).where(ORDERS.c.number == number)
    found = database.session.execute(seen_orders(seen_by, statement, permission=permission))
    row = found.mappings().first()
    if row is None:
        abort(404)
    return row


def orders_in_sight(reader: Reader, order_ids: Collection[int | None]) -> dict[int, str]:
    """The numbers of those of these orders that a reader sees."""
    ids = sorted(one for one in order_ids if one is not None)
    found: dict[int, str] = {}
    for some in chunks(ids):
        wanted = select(ORDERS.c.id, ORDERS.c.number).select_from(SOURCE)
        seen = seen_orders(reader, wanted.where(ORDERS.c.id.in_(some)))
        found |= {row.id: row.number for row in database.session.execute(seen)}
    return found


def lines(order_id: int) -> list[Row]:
    """The lines of an order, with the code of their product (`code`)."""
    wanted = (
        select(LINES, PRODUCTS.c.code)
        .select_from(LINES.outerjoin(PRODUCTS, PRODUCTS.c.id == LINES.c.product_id))
        .where(LINES.c.order_id == order_id, LINES.c.state == "active")
        .order_by(LINES.c.position, LINES.c.id)
    )
    return list(database.session.execute(wanted).mappings())


def returns(order_id: int) -> list[Row]:
    """What came back of an order, the latest first."""
    wanted = select(RETURNS).where(RETURNS.c.order_id == order_id, RETURNS.c.state == "active")
    latest_first = wanted.order_by(RETURNS.c.returned_on.desc(), RETURNS.c.id.desc())
    return list(database.session.execute(latest_first).mappings())


def parts(return_ids: Sequence[int]) -> dict[int, list[Row]]:
    """How much of what came back with these returns: `name`, `unit`, `quantity`, by return."""
    found: dict[int, list[Row]] = {}
    wanted = (
        select(PARTS.c.return_id, PARTS.c.quantity, LINES.c.name, LINES.c.unit)
        .join(LINES, LINES.c.id == PARTS.c.line_id)
        .where(PARTS.c.return_id.in_(return_ids))
        .order_by(LINES.c.position, LINES.c.id)
    )
    for row in database.session.execute(wanted).mappings():
        found.setdefault(row["return_id"], []).append(row)
    return found


def order_return(number: str, order_id: int) -> Row:
    """A return of an order; 404 when there is none."""
    wanted = select(RETURNS).where(
        RETURNS.c.number == number, RETURNS.c.order_id == order_id, RETURNS.c.state == "active"
    )
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        abort(404)
    return row


def with_returns(order_ids: Collection[int]) -> set[int]:
    """Those of these orders of which anything came back, be it exchanged."""
    wanted = select(RETURNS.c.order_id).where(
        RETURNS.c.order_id.in_(order_ids), RETURNS.c.state == "active"
    )
    return set(database.session.execute(wanted).scalars())


def orders(reader: Reader, wanted: Wanted, cursor: str = "") -> Page:
    """A page of the list. Raises BadCursor."""
    sort = _sort(reader, wanted)
    columns = (
        *SHOWN,
        CUSTOMERS.c.name.label("customer"),
        CUSTOMERS.c.number.label("customer_number"),
        CUSTOMERS.c.owner_id,
    )
    statement = ordered(_asked(reader, wanted, columns), sort, ORDERS.c.id, cursor, SIZE)
    rows = database.session.execute(statement).mappings().all()
    return cut(rows, sort, cursor, SIZE, key=sort.column.name, id_key="id")


def _sort(reader: Reader, wanted: Wanted) -> Sort:
    """By what the list is sorted: by amounts for those who see all of them, an order tells of them."""
    name = wanted.sort if sees_all_amounts(reader) else BY_DAY
    return Sort(name, SORTS[name], descending=wanted.descending)


def ids_in_order(reader: Reader, wanted: Wanted, permission: str) -> Iterator[int]:
    """The ids of all orders of the list with which the reader may do something, in its order."""
    sort = _sort(reader, wanted)
    statement = _asked(reader, wanted, (ORDERS.c.id,), permission)
    found = ordered(statement, sort, ORDERS.c.id, "", None).execution_options(yield_per=AT_ONCE)
    yield from database.session.execute(found).scalars()


def total(reader: Reader, wanted: Wanted) -> Total:
    """How many orders the list has and what they come to."""
    columns = (ORDERS.c.currency, ORDERS.c.status, ORDERS.c.total, ORDERS.c.refunded)
    most = most_counted(wanted)
    some = _asked(reader, wanted, columns).limit(most + 1).subquery()
    counts = some.c.status.in_(BOUGHT if not wanted.status else [wanted.status])
    net = func.sum(some.c.total - some.c.refunded).filter(counts)
    found = database.session.execute(
        select(some.c.currency, func.count(), net).group_by(some.c.currency)
    ).all()
    count = sum(number for _currency, number, _sum in found)
    if count > most:
        return Total(count, {})
    return Total(count, {currency: int(amount or 0) for currency, _number, amount in found})


def most_counted(wanted: Wanted) -> int:
    """To how many orders a list is counted."""
    whole = Wanted(sort=wanted.sort, descending=wanted.descending, saved=wanted.saved)
    return min(MOST_COUNTED, MOST_SUMMED) if wanted == whole else MOST_SUMMED


def latest_of(customer_id: int, limit: int) -> list[Row]:
    """The latest orders of a customer whom the reader was seen to see."""
    wanted = select(*SHOWN).where(ORDERS.c.customer_id == customer_id, ORDERS.c.state == "active")
    latest_first = wanted.order_by(ORDERS.c.ordered_on.desc(), ORDERS.c.id.desc())
    return list(database.session.execute(latest_first.limit(limit)).mappings())


def _asked(
    reader: Reader, wanted: Wanted, columns: Sequence[Any], permission: str = "orders:see"
) -> Select[Any]:
    statement = select(*columns).select_from(SOURCE).where(*_narrowed(reader, wanted))
    if wanted.text:
        hits = find(reader, wanted.text, {"order"}, limit=MOST_FOUND)
        statement = statement.where(ORDERS.c.id.in_([hit.record_id for hit in hits]))
    return seen_orders(reader, statement, permission=permission)


def _narrowed(reader: Reader, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.view == MINE:
        found.append(ORDERS.c.seller_id == reader.user_id)
    if wanted.view == TEAM:
        found.append(ORDERS.c.seller_id.in_(sorted(reader.mates)))
    if wanted.status:
        found.append(ORDERS.c.status == wanted.status)
    if wanted.seller_id is not None:
        found.append(ORDERS.c.seller_id == wanted.seller_id)
    if wanted.since is not None:
        found.append(ORDERS.c.ordered_on >= wanted.since)
    if wanted.until is not None:
        found.append(ORDERS.c.ordered_on <= wanted.until)
    if wanted.customer_id is not None:
        found.append(ORDERS.c.customer_id == wanted.customer_id)
    if wanted.product_id is not None:
        lines = select(LINES.c.order_id).where(
            LINES.c.product_id == wanted.product_id, LINES.c.state == "active"
        )
        found.append(ORDERS.c.id.in_(lines))
    return found + _by_amount(reader, wanted)


def _by_amount(reader: Reader, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What an order comes to, asked by those who see all amounts."""
    if (wanted.least is None and wanted.most is None) or not sees_all_amounts(reader):
        return []
    found = [ORDERS.c.currency == settings.get("currency")]
    if wanted.least is not None:
        found.append(ORDERS.c.total >= wanted.least)
    if wanted.most is not None:
        found.append(ORDERS.c.total <= wanted.most)
    return found
