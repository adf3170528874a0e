"""Rows about what came back become returns of the orders that it was bought with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.models import Customer
from crmlite.customers.words import money
from crmlite.extensions import database
from crmlite.imports.models import CREATED, UPDATED
from crmlite.imports.operations.batches import vacate
from crmlite.imports.orders.judging import OrderJudge
from crmlite.imports.orders.plans import Back, Batch
from crmlite.sales.models import Order, OrderReturn
from crmlite.sales.numbers import taken
from crmlite.sales.operations import ReturnDraft, add_return
from crmlite.sales.words import EXCHANGE, REFUND
from crmlite.work import Actor, Refused

Row = Mapping[str, Any]
CUSTOMERS, ORDERS = Customer.__table__, Order.__table__


@dataclass(slots=True)
class Returned:
    """What came back of an order on a day under a number: how much of which line, what was paid back
    for it (None: what it was bought for), and the rows that say so."""

    order_id: int
    number: str | None
    day: date
    quantities: dict[int, int] = field(default_factory=dict)
    paid: list[int | None] = field(default_factory=list)
    backs: list[Back] = field(default_factory=list)

    def draft(self, number: str | None) -> ReturnDraft:
        """The return; where the rows say that nothing is paid, the goods were exchanged."""
        known = [amount for amount in self.paid if amount is not None]
        is_exchange = all(back.verdict.told.paid_back() == 0 for back in self.backs)
        return ReturnDraft(
            quantities=self.quantities,
            returned_on=self.day,
            settlement=EXCHANGE if is_exchange else REFUND,
            amount=sum(known) if len(known) == len(self.paid) else None,
            number=number,
        )


def write_returns(planned: Batch, judge: OrderJudge, *, by: Actor, at: datetime) -> None:
    """Write down what came back, once the orders of the batch are; belongs inside an operation."""
    found: dict[tuple[int, str | None, date], Returned] = {}
    left: dict[int, int] = {}  # what of each order can still be paid back
    new = {plan.verdicts[0].order_id for plan in planned.plans}
    for back in planned.backs:
        lines = _lines(back, judge)
        if not lines:
            back.verdict.fail("order_return_unmatched")
            continue
        for (line, quantity), paid in zip(lines, _shares(back, lines, left), strict=True):
            judge.earlier.take_line(line["id"], quantity)
            key = (line["order_id"], back.number, back.day)
            one = found.setdefault(key, Returned(*key))
            one.quantities[line["id"]] = one.quantities.get(line["id"], 0) + quantity
            one.paid.append(paid)
            one.backs.append(back)
            ours = line["order_id"] in new or bool(judge.ours and judge.ours([line["order_id"]]))
            back.verdict.order_id = line["order_id"]
            back.verdict.fate = CREATED if ours else UPDATED
    used = used_numbers(OrderReturn, {one.number for one in found.values() if one.number}, judge)
    for one in found.values():
        number = None if one.number in used else one.number
        used |= {number} if number else set()
        _write(one, number, by, at)
    judge.earlier.leave_lines()


def _write(one: Returned, number: str | None, by: Actor, at: datetime) -> None:
    """Write a return down. Of one before it nobody knew what it is worth until it was written, so less
    may be left to pay back than the rows say."""
    draft = one.draft(number)
    if draft.amount is not None:
        wanted = select(ORDERS.c.total - ORDERS.c.refunded, ORDERS.c.currency).where(
            ORDERS.c.id == one.order_id
        )
        most, currency = database.session.execute(wanted).one()
        if draft.amount > most:
            draft = replace(draft, amount=max(most, 0))
            capped = money(draft.amount, currency)
            one.backs[0].verdict.remark("order_return_capped", amount=capped)
    try:
        add_return(one.order_id, draft, by=by, at=at)
    except Refused as refusal:
        for back in one.backs:
            back.verdict.fail(refusal.code, **refusal.params)


def _lines(back: Back, judge: OrderJudge) -> list[tuple[Row, int]]:
    """How much of which line came back; nothing where it was not all sold."""
    found, left = [], -back.verdict.told.quantity
    for line in judge.sold_before(back):
        if quantity := min(left, line["left"]):
            found.append((line, quantity))
            left -= quantity
    return [] if left else found


def _shares(back: Back, lines: Sequence[tuple[Row, int]], left: dict[int, int]) -> list[int | None]:
    """What of the money is paid back for each line: its share, but no more than its order came to."""
    rest = back.verdict.told.paid_back()
    if rest is None:
        return [None] * len(lines)
    shares: list[int | None] = []
    quantity = -back.verdict.told.quantity
    for line, taken_back in lines:
        most = left.setdefault(line["order_id"], line["total"] - line["refunded"])
        share = min(most, rest * taken_back // quantity)
        shares.append(share)
        left[line["order_id"]] -= share
        rest, quantity = rest - share, quantity - taken_back
    if rest:
        paid = sum(filter(None, shares))
        back.verdict.remark("order_return_capped", amount=money(paid, lines[0][0]["currency"]))
    return shares


def used_numbers(model: type[Any], numbers: Collection[str], judge: OrderJudge) -> set[str]:
    """Which of these numbers an order, or a return, has. Those in the recycle bin are called otherwise
    now, where who imports may change them."""
    used = taken(model, sorted(numbers))
    if not used:
        return used
    table = model.__table__
    wanted = (
        select(table.c.id, table.c.number, CUSTOMERS.c.owner_id)
        .join(CUSTOMERS, CUSTOMERS.c.id == table.c.customer_id)
        .where(table.c.number.in_(sorted(used)), table.c.state == "deleted")
    )
    rows = [row for row in database.session.execute(wanted) if judge.reaches(row.owner_id)]
    return used - vacate(model, rows, lambda some: taken(model, some))
