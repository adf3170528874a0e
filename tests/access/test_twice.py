"""A form that is sent twice, by a double click or by going back, does once what it says."""

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.customers.models import Dimension
from crmlite.extensions import database
from crmlite.testing import SignIn
from tests.access.conftest import Book, addresses, counted
from tests.customers.records import form_on

# Each form that adds something, and what is typed into it.
FORMS = {
    "/customers/new": {"name": "Calder Looms Ltd", "incomplete": "1"},
    "/customers/<number>/contacts/new": {"name": "Tom Becker"},
    "/customers/<number>/needs/new": {"goal": "A second line"},
    "/customers/<number>/remarks/new": {"text": "Closed on Fridays"},
    "/customers/<number>/interactions/new": {"kind": "phone", "content": "They called back."},
    "/customers/<number>/steps/new": {"what": "Send the offer", "due_on": "2030-01-02"},
    "/customers/views/new": {"name": "All of them"},
    "/settings/lists/<name>/new": {"label_en": "Maybe"},
    "/settings/people/new": {
        "login": "emma",
        "name": "Emma Clarke",
        "role": "sales",
        "password": "seven green kettles",
    },
    "/settings/roles/new": {"label_en": "Guest"},
    "/settings/tags/dimensions/<int:dimension_id>/new": {"en": "Friend"},
    "/settings/tags/dimensions/new": {"en": "Mood"},
    "/settings/teams/new": {"label_en": "Exports"},
}


def test_every_form_that_adds_something_is_tried(app: Flask):
    there = {one.rule for one in addresses(app) if one.rule.endswith("/new")}
    assert there == set(FORMS)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("rule", FORMS)
def test_a_form_that_is_sent_twice_adds_one_thing(
    app: Flask, sign_in: SignIn, book: Book, rule: str
):
    [one] = [one for one in addresses(app) if one.rule == rule]
    url = one.url(number=book.of_sales, name="source", dimension_id=free(app))
    client = sign_in("manager")
    data = form_on(client, url) | FORMS[rule]
    before = counted(app)
    first = client.post(url, data=data)
    once = counted(app)
    again = client.post(url, data=data)
    assert (first.status_code, again.status_code) == (303, 303)
    assert once != before
    assert counted(app) == once


def free(app: Flask) -> int:
    """The dimension that takes any tag."""
    table = Dimension.__table__
    with app.app_context():
        wanted = select(table.c.id).where(table.c.key == "free")
        return int(database.session.execute(wanted).scalar_one())
