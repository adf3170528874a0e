"""A next step is worded anew and given to somebody else on the page."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.operations import disable_user
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import TaskDraft, add_task, drop_task, update_task
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.customers.records import form_in, form_on
from tests.followups.test_open_steps import on_page


@pytest.fixture
def step(app: Flask, customer) -> str:
    """A next step of sales: where it is changed."""
    with app.app_context():
        made = add_task(
            customer["id"],
            TaskDraft(what="Sned the offer", due_on=clock.now().date(), channel="phone"),
            by=Actor("person", "sales", person_id("sales")),
            at=clock.now(),
        )
    return f"/steps/{made['id']}/edit?customer={customer['number']}"


def stored(app: Flask) -> tuple[str, str, str | None, str]:
    """The one step as it is now: what, day, how, whose."""
    with app.app_context():
        row = database.session.execute(select(Task.__table__)).mappings().one()
        logins = {person_id(login): login for login in ("sales", "manager")}
    return row["what"], row["due_on"].isoformat(), row["channel"], logins[row["assignee_id"]]


def changed(app: Flask, form: dict[str, str]) -> dict[str, str]:
    """The form of a step with everything about it changed."""
    with app.app_context():
        boss = str(person_id("manager"))
    new = {"what": "Bring it", "due_on": "2099-01-02", "channel": "visit", "assignee_id": boss}
    return {**form, **new}


def test_everything_about_a_step_is_changed_and_that_is_undone(
    app: Flask, sign_in: SignIn, customer, step: str
):
    client, before = sign_in("sales"), stored(app)
    assert step.replace("&", "&amp;") in client.get(f"/customers/{customer['number']}").text
    form = changed(app, form_on(client, step))
    answer = client.post(step, data=form, headers=on_page(customer["number"]))
    events = json.loads(answer.headers["HX-Trigger"])
    assert {"customer-changed", "drawer-close"} < set(events)
    assert stored(app) == ("Bring it", "2099-01-02", "visit", "manager")
    token = {"csrf_token": csrf_token(client, "/today")}
    client.post(events["toast"]["undo"]["url"], data=token)
    assert stored(app) == before


def test_without_scripts_it_leads_back_to_the_page(sign_in: SignIn, customer, step: str):
    client = sign_in("sales")
    answer = client.post(step, data={**form_on(client, step), "what": "Send it"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/customers/{customer['number']}")
    assert "Send it" in client.get(answer.location).text


def test_who_was_slower_sees_both_versions_of_a_step(app: Flask, sign_in: SignIn, step: str):
    client = sign_in("sales")
    mine = {**form_on(client, step), "what": "Mine"}
    client.post(step, data={**form_on(client, step), "what": "Theirs"})
    slower = client.post(step, data=mine)
    assert slower.status_code == 409
    assert "Theirs" in slower.text and "Mine" in slower.text
    assert stored(app)[0] == "Theirs"
    assert client.post(step, data=form_in(slower, step)).status_code == 303
    assert stored(app)[0] == "Mine"


def test_a_step_that_was_dropped_meanwhile_stays_as_it_is(app: Flask, sign_in: SignIn, step: str):
    client = sign_in("sales")
    with app.app_context():
        drop_task(1, by=Actor("person", "s", person_id("sales")), at=clock.now())
    client.post(step, data={**form_on(client, step), "what": "Send it"})
    assert "was done or dropped before" in client.get("/today").text
    assert stored(app)[0] == "Sned the offer"


def test_a_step_is_offered_to_those_who_see_the_customer_and_to_whoever_has_it(
    app: Flask, sign_in: SignIn, customer, step: str
):
    client = sign_in("sales")
    with app.app_context():
        colleague, boss = person_id("sales2"), person_id("manager")
    theirs = {"what": "Call", "due_on": "2099-01-02", "assignee_id": str(colleague)}
    for page in (f"/customers/{customer['number']}/steps/new", step):
        text = client.get(page).text
        assert f'<option value="{boss}"' in text and f'<option value="{colleague}"' not in text
        assert client.post(page, data={**form_on(client, page), **theirs}).status_code == 422
    with app.app_context():
        values = {"assignee_id": colleague}
        update_task(1, values, by=Actor("person", "m", boss), at=clock.now())
        disable_user(colleague, by=command_line(), at=clock.now())
    assert "Oliver Hartwell</option>" in client.get(step).text
    assert client.post(step, data={**form_on(client, step), "what": "Call"}).status_code == 303
