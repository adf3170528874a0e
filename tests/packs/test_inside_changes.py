"""What packs are asked inside a change cannot tear it: all of it is saved, whatever they do."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.customers.operations.moves import move_lifecycle
from crmlite.extensions import database
from crmlite.work import Actor, operation, records
from crmlite.work.actors import command_line
from tests.customers.records import add
from tests.packs.test_faults import CUSTOMER, failed, switch_on

GUARD = """
from sqlalchemy import text
from crmlite import hookimpl
from crmlite.customers.guards import Guard
from crmlite.extensions import database
from crmlite.work.operations import is_running


def look(facts, to):
    if is_running():
        {doing}
    return []


@hookimpl
def register_guards():
    return [Guard(name="bakery__guard", check=look)]
"""


@operation("customer_moved")
def renamed_and_moved(customer: int, *, by: Actor, at: datetime) -> int:
    """A change that has written something before packs are asked."""
    records.update(Customer, customer, {"name": "Riverton Works"})
    return move_lifecycle(
        customer, "interested", stage="first_contact", urgency="high", by=by, at=at
    )


@pytest.mark.parametrize(
    "doing",
    [
        "database.session.execute(text('select nonsense'))",
        "database.session.commit()",
        "database.session.rollback()",
        "database.session.remove()",
        "facts.customer.clear()",  # whom other packs are asked about, too
    ],
)
def test_what_a_pack_breaks_inside_a_change_leaves_the_change_whole(
    started: Callable[..., Flask], doing: str
):
    app = started(bakery={"plugin.py": GUARD.format(doing=doing)})
    switch_on(app)
    add(app, "sales")
    with app.app_context():
        customer = database.session.execute(CUSTOMER).scalar_one()
        renamed_and_moved(customer, by=command_line(), at=clock.now())
        database.session.remove()
        wanted = select(Customer.name, Customer.lifecycle).where(Customer.id == customer)
        assert tuple(database.session.execute(wanted).one()) == ("Riverton Works", "interested")
        database.session.remove()
    assert failed(app) == {"bakery": 1}
