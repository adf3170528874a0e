"""Two people who change a shared view: the second one sees what the first one saved."""

import re

import pytest
from flask import Flask

from crmlite import clock
from crmlite.accounts.roster import newest_roster
from crmlite.customers.lists.views import LIST
from crmlite.rules.conditions import All, to_json, where
from crmlite.saved_views.operations import save_view
from crmlite.testing import SignIn, person_id
from crmlite.work import Actor
from tests.applications import Employ
from tests.customers.records import form_in, form_on, send

NEW = "/customers/views/new?w=tier~is~core"


@pytest.fixture
def address(app: Flask, sign_in: SignIn, employ: Employ) -> str:
    """A view that the manager shares and that another may change, too; where it is changed."""
    employ("sales", {"customers:see": "all", "views:share": "all"})
    made = send(sign_in("manager"), NEW, {"name": "Core", "shared": "1"}, to="/customers/views/new")
    view = re.search(r"view=(\d+)", made.location)
    assert view
    return f"/customers/views/{view[1]}/edit"


def test_the_slower_one_sees_both_and_overwrites_knowingly(
    app: Flask, sign_in: SignIn, address: str
):
    first, second = sign_in("manager"), sign_in("sales")
    opened = form_on(second, f"{address}?w=tier~is~normal", address)
    assert send(first, address, {"name": "Our core"}).status_code == 303
    answer = second.post(address, data={**opened, "name": "The core", "renew": "1"})
    assert answer.status_code == 409
    with app.app_context():
        who = newest_roster().people[person_id("manager")].name
    assert "Our core" in answer.text and who in answer.text
    assert "Our core" in first.get("/customers").text
    again = form_in(answer, address)
    assert again["name"] == "The core" and again["w"] == "tier~is~normal"
    assert second.post(address, data=again).status_code == 303
    assert "The core" in first.get("/customers").text


def test_a_view_is_kept_however_often_it_is_changed(sign_in: SignIn, address: str):
    client = sign_in("manager")
    for name in ("One", "Two", "Three"):
        assert send(client, address, {"name": name}).status_code == 303
    assert "Three" in client.get("/customers").text


def test_no_view_keeps_less_than_the_filter_that_was_looked_at(sign_in: SignIn, address: str):
    client, gone = sign_in("manager"), {"w": "custom__gone~is~x"}
    form = form_on(client, address) | gone
    opened = form_on(client, "/customers/views/new?w=custom__gone~is~x", "/customers/views/new")
    assert client.post("/customers/views/new", data={**opened, "name": "Gone"}).status_code == 409
    assert client.post(address, data={**form, "renew": "1"}).status_code == 409
    assert client.post(address, data={**form, "name": "Renamed"}).status_code == 303


def test_a_view_says_which_of_its_conditions_is_gone(app: Flask, sign_in: SignIn):
    stored = {"where": to_json(All((where("custom__gone", "is", "x"),)))}
    with app.app_context():
        manager = Actor("person", "manager", person_id("manager"))
        view = save_view(LIST, "Gone", stored, shared=False, by=manager, at=clock.now())
    client = sign_in("manager")
    assert "Part of this filter was left out." in client.get(f"/customers?view={view}").text
    assert "was left out" not in client.get("/customers").text
