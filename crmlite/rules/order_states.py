"""The way of an order from a draft until it is closed."""

from enum import StrEnum

from crmlite.rules.problems import Problem
from crmlite.rules.wording import N_

MESSAGES = {
    "order_there_already": N_("The order is there already."),
    "order_not_confirmed": N_("Confirm the order first."),
    "order_not_delivered": N_("Only what was delivered can be completed."),
    "order_was_delivered": N_(
        "It was delivered: say first that it was not, or write down a return."
    ),
    "order_is_closed": N_("The order is completed. Open it again first."),
    "order_is_cancelled": N_("The order was cancelled. Make it a draft again first."),
    "order_empty": N_("An order without lines cannot be confirmed."),
    "order_has_returns": N_("Goods of this order went back: what was sold stays as it is."),
    "order_paid_back": N_("The order would come to less than the %(back)s that were paid back."),
    "order_lines_fixed": N_("The lines of an order are changed until it is delivered."),
    "return_not_delivered": N_("Only what was delivered can go back."),
    "return_too_many": N_("Of %(what)s at most %(most)s can go back."),
    "return_nothing": N_("Say of at least one line how much goes back."),
    "return_too_much_money": N_("At most %(most)s can be paid back for this order."),
}


class Status(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


WAY = (Status.DRAFT, Status.CONFIRMED, Status.DELIVERED, Status.CLOSED)
BOUGHT = (Status.CONFIRMED, Status.DELIVERED, Status.CLOSED)  # what counts as bought
OPEN_LINES = (Status.DRAFT, Status.CONFIRMED)  # lines may still change
RETURNABLE = (Status.DELIVERED, Status.CLOSED)
MOVES = {
    Status.DRAFT: (Status.CONFIRMED, Status.CANCELLED),
    Status.CONFIRMED: (Status.DELIVERED, Status.DRAFT, Status.CANCELLED),
    Status.DELIVERED: (Status.CLOSED, Status.CONFIRMED),
    Status.CLOSED: (Status.DELIVERED,),
    Status.CANCELLED: (Status.DRAFT,),
}


def refusal(before: str, after: str, *, lines: int, returns: int) -> Problem | None:
    """Why an order with so many lines and returns cannot go from one state to another; None when it
    can."""
    if after not in MOVES[Status(before)]:
        return _no_way(before, after)
    return wrong_state(after, lines=lines, returns=returns)


def wrong_state(status: str, *, lines: int, returns: int) -> Problem | None:
    """Why an order with so many lines and returns cannot be in a state; None when it can."""
    if status in BOUGHT and not lines:
        return Problem("order_empty")
    if status not in RETURNABLE and returns:
        return Problem("order_has_returns")
    return None


def _no_way(before: str, after: str) -> Problem:
    if before == after:
        return Problem("order_there_already")
    if before == Status.CANCELLED:
        return Problem("order_is_cancelled")
    if before == Status.CLOSED:
        return Problem("order_is_closed")
    if before == Status.DELIVERED:
        return Problem("order_was_delivered")
    return Problem("order_not_confirmed" if before == Status.DRAFT else "order_not_delivered")
