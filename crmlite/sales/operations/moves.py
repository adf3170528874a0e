"""An order on its way, and into the recycle bin."""

from datetime import datetime

from crmlite.rules import order_states
from crmlite.sales.models import Order, OrderLine, OrderReturn
from crmlite.sales.operations.orders import load, number_of, refuse, settled
from crmlite.work import Actor, operation, records

LINES, RETURNS = OrderLine.__table__, OrderReturn.__table__


@operation("order_moved")
def move_order(order_id: int, to: str, *, by: Actor, at: datetime) -> int:
    """Take an order to another state; answers the operation's id. Raises Gone; Refused with the reason
    where there is no such way."""
    order = load(order_id)
    refuse(
        order_states.refusal(
            order["status"],
            to,
            lines=number_of(LINES, order_id),
            returns=number_of(RETURNS, order_id),
        )
    )
    records.update(Order, order_id, {"status": to})
    return settled(order)


@operation("order_deleted")
def delete_order(order_id: int, *, by: Actor, at: datetime) -> int:
    """Move an order with its returns to the recycle bin. Raises Gone."""
    order = load(order_id)
    records.update(Order, order_id, {"state": "deleted"})
    return settled(order)
