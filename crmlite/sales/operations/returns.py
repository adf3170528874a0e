"""Goods that come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.words import money
from crmlite.extensions import database
from crmlite.rules.order_states import RETURNABLE
from crmlite.rules.pricing import Sold, worth
from crmlite.rules.problems import Problem
from crmlite.rules.quantities import written_quantity
from crmlite.sales.facts import read, returned
from crmlite.sales.models import OrderReturn, OrderReturnLine
from crmlite.sales.numbers import give_return_number
from crmlite.sales.operations.orders import load, refuse, settled
from crmlite.sales.words import REFUND
from crmlite.work import Actor, Gone, current, operation, records

Row = Mapping[str, Any]
RETURNS = OrderReturn.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnDraft:
    """A return to be written down: how much of which line (`{line id: thousandths}`). `amount` is what
    is paid back, None for what it was bought for; an exchange pays nothing back. `number` is one that
    it has already."""

    quantities: Mapping[int, int]
    returned_on: date
    settlement: str = REFUND
    reason: str | None = None
    amount: int | None = None
    remark: str | None = None
    number: str | None = None


@operation("return_added")
def add_return(order_id: int, draft: ReturnDraft, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Write down that goods of an order came back; answers `{"id", "number", "operation"}`.

    Raises Gone. Refused: `return_not_delivered`, `return_nothing`, `return_too_many`,
    `return_too_much_money`, `number-taken`.
    """
    order = load(order_id)
    if order["status"] not in RETURNABLE:
        refuse(Problem("return_not_delivered"))
    quantities = {line: number for line, number in draft.quantities.items() if number > 0}
    if not quantities:
        refuse(Problem("return_nothing"))
    [(_, lines, refunded)] = read([order_id])
    before = returned([order_id], REFUND)
    _refuse_too_many(lines, quantities, before)
    amount = 0
    if draft.settlement == REFUND:
        amount = draft.amount
        if amount is None:
            amount = min(worth_of(order, lines, quantities, before), order["total"] - refunded)
            amount = max(
                amount, 0
            )  # books of before may have paid back more than the order came to
        if amount > order["total"] - refunded:
            most = money(order["total"] - refunded, order["currency"])
            refuse(Problem("return_too_much_money", {"most": most}))
    number = give_return_number(draft.number)
    shared = {"customer_id": order["customer_id"]}
    return_id = records.insert(
        OrderReturn,
        {
            **shared,
            "number": number,
            "order_id": order_id,
            "state": "active",
            "returned_on": draft.returned_on,
            "reason": draft.reason,
            "settlement": draft.settlement,
            "amount": amount,
            "currency": order["currency"],
            "remark": draft.remark,
        },
    )
    records.insert_many(
        OrderReturnLine,
        [
            {**shared, "return_id": return_id, "line_id": line_id, "quantity": quantity}
            for line_id, quantity in quantities.items()
        ],
    )
    settled(order)
    return {"id": return_id, "number": number, "operation": current().id}


@operation("return_deleted")
def delete_return(return_id: int, *, by: Actor, at: datetime) -> int:
    """Move a return to the recycle bin: the goods did not come back after all. Raises Gone."""
    wanted = select(RETURNS.c.order_id).where(
        RETURNS.c.id == return_id, RETURNS.c.state == "active"
    )
    order_id = database.session.execute(wanted).scalar()
    if order_id is None:
        raise Gone("order_return", return_id)
    order = load(order_id)
    records.update(OrderReturn, return_id, {"state": "deleted"})
    return settled(order)


def worth_of(
    order: Row, lines: list[Row], quantities: Mapping[int, int], before: Mapping[int, int]
) -> int:
    """What these goods were bought for, `before` being what came back earlier: what all that came back
    is worth with them, less what it is worth without."""

    def value(back: Mapping[int, int]) -> int:
        sold = [
            Sold(
                quantity=line["quantity"],
                amount=line["amount"],
                returned=min(line["quantity"], back.get(line["id"], 0)),
            )
            for line in lines
        ]
        return worth(sold, order["total"])

    after = {
        line["id"]: before.get(line["id"], 0) + quantities.get(line["id"], 0) for line in lines
    }
    return value(after) - value(before)


def _refuse_too_many(
    lines: list[Row], quantities: Mapping[int, int], before: Mapping[int, int]
) -> None:
    known = {line["id"]: line for line in lines}
    for line_id, quantity in quantities.items():
        line = known.get(line_id)
        if line is None:
            raise Gone("order_line", line_id)
        left = line["quantity"] - before.get(line_id, 0)
        if quantity > left:
            params = {"what": line["name"], "most": written_quantity(left)}
            refuse(Problem("return_too_many", params))
