"""What rights over next steps and contacts reach, with a role whose rights differ from sight."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations import (
    InteractionDraft,
    TaskDraft,
    delete_interaction,
    log_interaction,
)
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor
from tests.applications import Employ

SAID = "Wants to leave their supplier."


@pytest.fixture
def step(app: Flask, customer) -> int:
    """The step that followed from a talk of sales: its id."""
    with app.app_context():
        draft = InteractionDraft(
            customer_id=customer["id"],
            kind="phone",
            content=SAID,
            occurred_at=clock.now(),
            next_step=TaskDraft(what="Call again", due_on=clock.now().date()),
        )
        log_interaction(draft, by=Actor("person", "s", person_id("sales")), at=clock.now())
        return int(database.session.execute(select(Task.__table__.c.id)).scalar_one())


@pytest.fixture
def looker(sign_in: SignIn, employ: Employ) -> FlaskClient:
    """Somebody who sees every customer, and plans steps and reads talks of their own alone."""
    rights = {"tasks:edit": "own", "interactions:see": "own"}
    employ("support", {"customers:see": "all", **rights})
    return sign_in("support")


@pytest.mark.parametrize("change", ["completion", "drop", "day", "edit"])
def test_a_step_out_of_reach_stays_as_it_is(
    app: Flask, looker: FlaskClient, step: int, change: str
):
    form = {"csrf_token": csrf_token(looker, "/profile"), "due_on": "2099-01-01"}
    assert looker.post(f"/steps/{step}/{change}", data=form).status_code == 404
    with app.app_context():
        row = database.session.execute(select(Task.__table__)).mappings().one()
    assert (row["version"], row["status"]) == (1, "open")


def test_no_step_is_planned_out_of_reach(looker: FlaskClient, customer):
    url = f"/customers/{customer['number']}/steps/new"
    form = {"csrf_token": csrf_token(looker, "/profile"), "what": "Call", "due_on": "2099-01-01"}
    assert looker.get(url).status_code == 403
    assert looker.post(url, data=form).status_code == 403


def test_a_talk_out_of_reach_is_not_told(looker: FlaskClient, customer, step: int):
    page = looker.get(f"/customers/{customer['number']}").text
    assert "Calder Bearings Ltd" in page
    assert SAID not in page


def test_a_talk_out_of_reach_is_neither_deleted_nor_brought_back(
    app: Flask, sign_in: SignIn, employ: Employ, customer, step: int
):
    rights = {"customers:see": "all", "interactions:edit": "all", "history:undo": "all"}
    employ("support", rights)
    employ("sales2", {**rights, "interactions:see": "all"})
    blind, looker = sign_in("support"), sign_in("sales2")
    form = {"csrf_token": csrf_token(blind, "/profile")}
    talk = f"/customers/{customer['number']}/interactions/1"
    assert blind.post(f"{talk}/deletion", data=form).status_code == 403
    with app.app_context():
        deleted = delete_interaction(1, by=Actor("person", "s", person_id("sales")), at=clock.now())
    url = f"/operations/{deleted}/undo"
    assert blind.post(url, data=form).status_code == 404
    assert looker.post(url, data={"csrf_token": csrf_token(looker, "/profile")}).status_code == 303
    with app.app_context():
        found = database.session.execute(select(Interaction.__table__.c.state)).scalar_one()
    assert found == "active"
