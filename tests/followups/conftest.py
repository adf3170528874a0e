"""A customer to talk with."""

import pytest
from flask import Flask

from crmlite import clock
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.testing import person_id
from crmlite.work import Actor


@pytest.fixture
def customer(app: Flask) -> dict[str, object]:
    """A customer of sales: `{"id", "number"}`."""
    with app.app_context():
        return add_customer("sales", "Calder Bearings Ltd")


def add_customer(login: str, name: str) -> dict[str, object]:
    """Add a customer of somebody's; belongs inside an application context."""
    owner = person_id(login)
    return create_customer(
        CustomerDraft(
            values={"kind": "company", "name": name, "owner_id": owner, "stage": "discovery"},
            contacts=[{"name": "Ada Byron", "mobile": "13912340000"}],
        ),
        by=Actor("person", login, owner),
        at=clock.now(),
    )
