"""The order that an address names, and the answer after something was done with it."""

from typing import Any

from flask import abort, url_for

from crmlite.access import current_reader
from crmlite.paging import redirected, saved, toast, wants_part
from crmlite.rules.messages import MESSAGES
from crmlite.sales.queries import orders as reading
from crmlite.sales.record import OrderRecord
from crmlite.wording import N_, label
from crmlite.work import Refused

REFUSALS = {
    "number-taken": N_("%(number)s is the number of another order."),
    "code-taken": N_("Another product has the code %(code)s."),
    "product-ordered": N_("This product was ordered: it can only be retired."),
}


def found(number: str, permission: str = "orders:see") -> OrderRecord:
    """The order, for the reader; 404 out of sight, 403 where they see it and may not do that."""
    reader = current_reader()
    record = OrderRecord(reading.order(number, seen_by=reader), reader)
    if not record.may(permission):
        abort(403)
    return record


def words(refusal: Refused) -> str:
    """Why something is refused."""
    said = REFUSALS.get(refusal.code) or MESSAGES.get(refusal.code)
    said = said or N_("This was refused, and nothing was changed.")
    return str(label(said)) % dict(refusal.params)


def done(number: str, message: str, undo: int | None = None) -> Any:
    """Back to the order."""
    place = url_for("sales.show", number=number)
    return saved(
        place, message=message, undo=undo, events={"order-changed": True, "drawer-close": True}
    )


def refused(place: str, refusal: Refused) -> Any:
    """The page as it is, with the reason why something was not done."""
    toast(words(refusal), kind="error")
    response = redirected(place)
    if wants_part():
        response.headers["HX-Redirect"] = place
        response.status_code = 200
    return response
