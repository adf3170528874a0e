"""Customers are asked how often they complained of late."""

from datetime import timedelta

from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import asking, condition
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.rules.conditions import Node, Not, where
from tests.cases.conftest import Desk


def takes(desk: Desk, tree: Node) -> bool:
    """Whether a condition takes the customer."""
    table = Customer.__table__
    holds = condition(tree, dict(whole_catalogue()), asking(everything(), clock.now().date()))
    wanted = select(table.c.id).where(table.c.id == desk.customer["id"], holds)
    return database.session.execute(wanted).first() is not None


def test_complaints_of_the_last_ninety_days_are_counted_and_no_other_cases(desk: Desk):
    lately = "complaints_lately"
    assert takes(desk, where(lately, "is", 0))
    assert not takes(desk, where(lately, "at_least", 1))
    desk.open(clock.now() - timedelta(days=100))
    desk.open(kind="enquiry")
    assert takes(desk, where(lately, "below", 1))
    desk.open(clock.now() - timedelta(days=80))
    assert takes(desk, where(lately, "is", 1))
    desk.open()
    assert takes(desk, where(lately, "at_least", 2))
    assert takes(desk, Not(where(lately, "at_least", 3)))
    assert not takes(desk, where(lately, "is", 0))
