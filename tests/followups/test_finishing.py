"""A task is done with what came of it, and how things stand with the customer in the same step."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.testing import SignIn, csrf_token
from tests.applications import Employ
from tests.customers.records import form_in, form_on
from tests.followups.tasks import person, planned, stored


@pytest.fixture
def task(app: Flask, customer) -> int:
    with app.app_context():
        return planned(customer)


def standing(app: Flask) -> tuple[str | None, str | None]:
    """Stage and status of the one customer."""
    table = Customer.__table__
    with app.app_context():
        return tuple(database.session.execute(select(table.c.stage, table.c.status)).one())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"status_line": "awaiting-confirmation"}, "awaiting-confirmation"),
        ({"words": "Waits for the board"}, "Waits for the board"),
        ({}, None),
    ],
)
def test_outcome_stage_and_status_are_one_step_and_one_undo(
    app: Flask, sign_in: SignIn, task: int, sent, status
):
    client, url = sign_in("sales"), f"/steps/{task}/outcome"
    form = {**form_on(client, url), "outcome": "Quoted", "stage": "proposal", **sent}
    assert client.post(url, data=form).status_code == 303
    with app.app_context():
        row = stored(task)
    assert (row["status"], row["outcome"]) == ("done", "Quoted")
    assert standing(app) == ("proposal", status)
    page = client.get("/today").text
    place = page.partition('action="/operations/')[2].partition('"')[0]
    client.post(f"/operations/{place}", data={"csrf_token": csrf_token(client, "/profile")})
    with app.app_context():
        assert stored(task)["status"] == "open"
    assert standing(app) == ("discovery", None)


def test_who_may_not_change_the_customer_is_not_asked_and_changes_nothing(
    app: Flask, sign_in: SignIn, employ: Employ, task: int
):
    employ("support", {"customers:see": "all", "tasks:edit": "all"})
    client, url = sign_in("support"), f"/steps/{task}/outcome"
    form = form_on(client, url)
    assert "stage" not in form
    client.post(url, data={**form, "outcome": "Quoted", "stage": "paused", "words": "Mine"})
    with app.app_context():
        assert stored(task)["outcome"] == "Quoted"
    assert standing(app) == ("discovery", None)


def test_who_was_slower_sees_how_the_customer_stands(
    app: Flask, sign_in: SignIn, customer, task: int
):
    client, url = sign_in("sales"), f"/steps/{task}/outcome"
    form = {**form_on(client, url), "stage": "proposal"}
    with app.app_context():
        by, at = person("manager"), clock.now()
        update_customer(customer["id"], {"stage": "negotiation"}, by=by, at=at)
    answer = client.post(url, data=form)
    assert answer.status_code == 409
    assert "Negotiation" in answer.text
    with app.app_context():
        assert stored(task)["status"] == "open"
    assert client.post(url, data=form_in(answer, url)).status_code == 303
    assert standing(app)[0] == "proposal"


def test_what_a_case_asks_for_is_not_touched_here(app: Flask, sign_in: SignIn, customer):
    with app.app_context():
        task_id = planned(customer, kind="case")
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/profile"), "due_on": "2099-01-01"}
    for what in ("completion", "drop", "day", "edit", "outcome", "takeover", "nudge"):
        assert client.post(f"/steps/{task_id}/{what}", data=form).status_code == 404


def test_a_task_of_somebody_else_is_taken_over(app: Flask, sign_in: SignIn, task: int):
    client = sign_in("manager")
    client.post(f"/steps/{task}/takeover", data={"csrf_token": csrf_token(client, "/profile")})
    with app.app_context():
        assert stored(task)["assignee_id"] == person("manager").user_id


@pytest.mark.parametrize(
    ("sent", "stored_as"),
    [
        ({"due_time": "15:00"}, "2099-01-02T07:00:00+00:00"),
        ({"due_time": ""}, None),
        ({"due_time": None}, "2099-01-02T01:00:00+00:00"),  # from a menu: the time goes along
    ],
)
def test_another_day_may_have_a_time(app: Flask, sign_in: SignIn, customer, sent, stored_as):
    with app.app_context():
        at = datetime.fromisoformat("2099-01-01T01:00:00+00:00")
        task_id = planned(customer, due_at=at)
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/profile"), "due_on": "2099-01-02", **sent}
    client.post(
        f"/steps/{task_id}/day", data={name: one for name, one in form.items() if one is not None}
    )
    with app.app_context():
        due_at = stored(task_id)["due_at"]
    assert (due_at and due_at.isoformat()) == stored_as


def test_a_form_plans_time_reminder_and_repeat_and_leaves_the_series_alone(
    app: Flask, sign_in: SignIn, customer
):
    client, url = sign_in("sales"), f"/customers/{customer['number']}/steps/new"
    form = form_on(client, url) | {
        "what": "Monthly call",
        "due_on": "2099-01-31",
        "due_time": "10:00",
        "remind_at": "2099-01-31T09:00",
        "repeat_every": "1",
        "repeat_unit": "months",
    }
    assert client.post(url, data={**form, "repeat_unit": ""}).status_code == 422
    assert client.post(url, data={**form, "repeat_every": "61"}).status_code == 422
    assert client.post(url, data={**form, "remind_at": "2020-01-01T09:00"}).status_code == 422
    assert client.post(url, data=form).status_code == 303
    series = {"every": 1, "unit": "months", "since": "2099-01-31", "turn": 0}
    with app.app_context():
        row = stored(1)
        assert row["repeat"] == series
        assert (row["due_at"].hour, row["remind_at"].hour) == (2, 1)
    edit = "/steps/1/edit"
    client.post(edit, data={**form_on(client, edit), "due_on": "2099-02-03"})
    with app.app_context():
        assert stored(1)["repeat"] == series  # put off, not begun anew
    client.post(edit, data={**form_on(client, edit), "repeat_every": "2"})
    with app.app_context():
        assert stored(1)["repeat"] == {**series, "every": 2, "since": "2099-02-03"}
