"""Through Today from the first line to the last, one form after the other."""

import json

import pytest
from flask import Flask

from crmlite import clock
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn
from tests.customers.records import form_in, form_on
from tests.followups.conftest import add_customer
from tests.followups.tasks import planned, stored

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/today"}


@pytest.fixture
def line(app: Flask, customer) -> list[str]:
    """Where the contacts for three tasks of today are written down, in their order."""
    with app.app_context():
        other = add_customer("sales", "Merton Valves Ltd")
        today = local_day(clock.now())
        ids = [
            (customer, planned(customer, what="Last", due_on=today)),
            (other, planned(other, what="First", kind="promise", due_on=today)),
        ]
    return [
        f"/customers/{where['number']}/interactions/new?back=today&step={task}&walk=1"
        for where, task in ids
    ]


def test_after_saving_the_next_form_takes_the_place_of_the_first(
    app: Flask, sign_in: SignIn, line: list[str]
):
    client = sign_in("sales")
    assert line[0].replace("&", "&amp;") in client.get("/today").text
    form = {**form_on(client, line[0]), "content": "Said.", "closes": "1"}
    answer = client.post(line[0], data=form, headers=HTMX)
    events = json.loads(answer.headers["HX-Trigger"])
    assert {"customer-changed", "toast"} <= set(events) and "drawer-close" not in events
    following = form_in(answer, line[1])
    assert "Merton Valves Ltd" in answer.text
    form = {**following, "content": "Said too.", "closes": "2"}
    last = client.post(line[1], data=form, headers=HTMX)
    assert "drawer-close" in json.loads(last.headers["HX-Trigger"])
    assert "last one for today" in json.loads(last.headers["HX-Trigger"])["toast"]["text"]
    with app.app_context():
        assert (stored(1)["status"], stored(2)["status"]) == ("done", "done")


def test_it_goes_on_behind_what_was_left_open_and_can_skip(sign_in: SignIn, line: list[str]):
    client = sign_in("sales")
    page = client.get(line[0]).text
    assert f'href="{line[1]}"'.replace("&", "&amp;") in page  # the button Skip
    form = {name: value for name, value in form_on(client, line[0]).items() if name != "closes"}
    answer = client.post(line[0], data={**form, "content": "No time."})
    assert answer.status_code == 303
    assert answer.location.endswith(line[1])
    assert ">Skip<" in page and ">Skip<" not in client.get(line[1]).text


def test_who_may_not_walk_there_does_not(sign_in: SignIn, line: list[str]):
    assert sign_in("sales2").get(line[0]).status_code == 404
