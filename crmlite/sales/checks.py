"""Whether what is kept of orders is what their lines and returns give now."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.sales.facts import read, sums_of
from crmlite.sales.models import Order
from crmlite.wording import N_
from crmlite.work.checks import GOOD, Check, Finding
from crmlite.work.records import chunks

SAMPLE = 2000
MOST = 20
WRONG_SUM = N_("%(name)s of order %(order)s is %(kept)s and should be %(counted)s.")
WRONG_LINE = N_(
    "Line %(line)s of order %(order)s comes to %(kept)s and should come to %(counted)s."
)
LOOKED_AT = N_("The sums of %(number)s orders are as their lines have them.")
ORDERS = Order.__table__


def check() -> Check:
    """What `crmlite check` looks at of orders."""
    return Check(name="orders", label=N_("Sums of orders"), run=_compare, weight=72)


def _compare(thorough: bool) -> Iterator[Finding]:
    """Sums that differ, at most twenty: of all orders, or of the newest two thousand."""
    wanted = select(ORDERS.c.id).order_by(ORDERS.c.id.desc())
    ids = database.session.execute(wanted if thorough else wanted.limit(SAMPLE)).scalars().all()
    found = 0
    for some in chunks(ids):
        for finding in _compared(some):
            yield finding
            found += 1
            if found == MOST:
                return
    if not found:
        yield Finding(LOOKED_AT, {"number": len(ids)}, GOOD)


def _compared(ids: Sequence[int]) -> Iterator[Finding]:
    for order, lines, refunded in read(ids):
        counted = sums_of(order, lines)
        told = {"order": order["number"]}
        is_now = {"subtotal": counted.subtotal, "total": counted.total, "refunded": refunded}
        for name, value in is_now.items():
            if order[name] != value:
                params = {"name": name, "kept": order[name], "counted": value}
                yield Finding(WRONG_SUM, told | params)
        for place, (line, amount) in enumerate(zip(lines, counted.lines, strict=True), 1):
            if line["amount"] != amount:
                params = {"line": place, "kept": line["amount"], "counted": amount}
                yield Finding(WRONG_LINE, told | params)
