"""What is still to be done for a customer stands on its page and is dealt with there."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from crmlite import clock
from crmlite.followups.operations import TaskDraft, add_task
from crmlite.forms.times import zone
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor

HTMX = {"HX-Request": "true"}


@pytest.fixture
def steps(app: Flask, customer) -> dict[str, int]:
    """Two open next steps of the customer, one far off: their ids by what is to be done."""
    found = {}
    with app.test_request_context():
        by = Actor("person", "sales", person_id("sales"))
        day = clock.today(zone())
        for what, days in (("Send the offer", -5), ("Ask how they fare", 300)):
            step = TaskDraft(what=what, due_on=day + timedelta(days=days))
            found[what] = add_task(customer["id"], step, by=by, at=clock.now())["id"]
    return found


def on_page(number: str) -> dict[str, str]:
    """The headers that htmx sends from the page of a customer."""
    return {**HTMX, "HX-Current-URL": f"http://localhost/customers/{number}"}


def test_every_open_step_stands_on_the_page_with_how_late_it_is(sign_in: SignIn, customer, steps):
    client = sign_in("sales")
    page = client.get(f"/customers/{customer['number']}").text
    assert page.index("5 days late") < page.index("Send the offer", page.index("open-steps"))
    assert "Ask how they fare" in page
    alone = client.get(f"/customers/{customer['number']}/steps", headers=HTMX).text
    assert alone.lstrip().startswith("<div") and "Ask how they fare" in alone
    whole = client.get(f"/customers/{customer['number']}/steps").text
    assert "Ask how they fare" in whole and "<html" in whole


def test_a_step_is_ticked_on_the_page_without_leaving_it(sign_in: SignIn, customer, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    url = f"/steps/{steps['Ask how they fare']}/completion?customer={customer['number']}"
    answer = client.post(url, data=form, headers=on_page(customer["number"]))
    events = json.loads(answer.headers["HX-Trigger"])
    assert answer.headers["HX-Reswap"] == "none" and "HX-Redirect" not in answer.headers
    assert "customer-changed" in events and "undo" in events["toast"]
    left = client.get(f"/customers/{customer['number']}/steps", headers=HTMX).text
    assert "Ask how they fare" not in left and "Send the offer" in left


def test_without_scripts_the_same_leads_back_to_the_page(sign_in: SignIn, customer, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    url = f"/steps/{steps['Send the offer']}/drop?customer={customer['number']}"
    answer = client.post(url, data=form)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/customers/{customer['number']}")


def test_a_planned_step_can_be_undone(sign_in: SignIn, customer):
    client = sign_in("sales")
    url = f"/customers/{customer['number']}/steps/new"
    form = {
        "csrf_token": csrf_token(client, url),
        "what": "Send a sample",
        "due_on": "2099-12-20",
        "assignee_id": person(client, url),
    }
    answer = client.post(url, data=form, headers=on_page(customer["number"]))
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]["url"]
    place = f"/customers/{customer['number']}"
    assert "Send a sample" in client.get(place).text
    client.post(undo, data={"csrf_token": form["csrf_token"]})
    assert "Send a sample" not in client.get(f"{place}/steps", headers=HTMX).text


def person(client, url: str) -> str:
    """Who is chosen on a form."""
    page = client.get(url).text
    chosen = page[: page.index(" selected", page.index('name="assignee_id"'))]
    return chosen.rpartition('value="')[2].partition('"')[0]
