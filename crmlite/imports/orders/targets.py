"""What a column of a file with orders can be about."""

from collections.abc import Iterable

from crmlite.fields import fields_of
from crmlite.rules.wording import Label
from crmlite.wording import N_

ORDER, CUSTOMER, LINE = N_("Order"), N_("Customer"), N_("Line of an order")
TARGETS = {
    "number": (N_("Order number"), ORDER),
    "ordered_on": (N_("Ordered on"), ORDER),
    "status": (N_("State"), ORDER),
    "expected_on": (N_("Expected delivery"), ORDER),
    "seller": (N_("Salesperson"), ORDER),
    "currency": (N_("Currency"), ORDER),
    "discount": (N_("Discount on the whole"), ORDER),
    "total": (N_("Total of the order"), ORDER),
    "remark": (N_("Remark"), ORDER),
    "return_number": (N_("Number of the return"), ORDER),
    "customer.number": (N_("Customer no."), CUSTOMER),
    "customer.name": (N_("Customer name"), CUSTOMER),
    "customer.phone": (N_("Customer's phone"), CUSTOMER),
    "customer.email": (N_("Customer's e-mail"), CUSTOMER),
    "customer.region": (N_("Customer's region"), CUSTOMER),
    "line.code": (N_("Product code"), LINE),
    "line.name": (N_("Product name"), LINE),
    "line.quantity": (N_("Quantity"), LINE),
    "line.unit": (N_("Unit"), LINE),
    "line.price": (N_("Price"), LINE),
    "line.discount": (N_("Discount"), LINE),
    "line.amount": (N_("Amount of the line"), LINE),
}
RECORD = "order"  # of which kind of record the further fields are
WHOSE = ("customer.number", "customer.name")
WORTH = ("line.amount", "line.price", "line.code", "line.name", "total")


def targets_of_orders() -> dict[str, tuple[Label, Label]]:
    """All of it, with what packs and managers have recorded: what each is called, and the heading above
    it."""
    further: dict[str, tuple[Label, Label]] = {
        field.name: (field.label, ORDER) for field in fields_of(RECORD)
    }
    return {**TARGETS, **further}


def says_enough(targets: Iterable[str | None]) -> bool:
    """Whether columns can make orders: somebody's, of some day, of some worth."""
    there = set(targets)
    return "ordered_on" in there and all(not there.isdisjoint(some) for some in (WHOSE, WORTH))
