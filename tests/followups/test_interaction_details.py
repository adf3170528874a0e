"""What a contact holds besides the words: who took part, what they thought of it, when they
answered, how it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line
from tests.customers.records import form_on

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 where the firm is
WRITTEN = "2026-03-02T10:00"
LATER = "2026-03-02T13:30"


def stored(app: Flask, model: type = Interaction) -> dict[str, Any]:
    """The one row of its kind."""
    with app.app_context():
        return dict(database.session.execute(select(model.__table__)).mappings().one())


def log(client: FlaskClient, customer, **more: str | None) -> Any:
    """Write a contact down that took place at 10:00; what is None is not sent."""
    url = f"/customers/{customer['number']}/interactions/new"
    form = {**form_on(client, url), "content": "Sent the draft.", "occurred_at": WRITTEN, **more}
    return client.post(url, data={name: value for name, value in form.items() if value is not None})


def correct(client: FlaskClient, customer, **more: str | None) -> Any:
    """Correct the one contact."""
    url = f"/customers/{customer['number']}/interactions/1/edit"
    form = {**form_on(client, url), **more}
    return client.post(url, data={name: value for name, value in form.items() if value is not None})


def timeline(client: FlaskClient, customer) -> str:
    return client.get(f"/customers/{customer['number']}/timeline", headers={"HX-Request": "1"}).text


def test_who_answers_later_is_stored_and_shown_so(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    assert log(client, customer, answered_at=LATER).status_code == 303
    assert stored(app)["answered_at"] == AT + timedelta(hours=3, minutes=30)
    assert "answered 2 Mar 2026, 13:30" in timeline(client, customer)


@pytest.mark.parametrize(
    ("answered", "at", "stored_at"),
    [("1", "", AT), ("1", WRITTEN, AT), (None, "", None), (None, LATER, None)],
)
def test_without_a_time_of_its_own_an_answer_is_as_old_as_the_contact(
    app: Flask, sign_in: SignIn, customer, answered, at, stored_at
):
    client = sign_in("sales")
    assert log(client, customer, answered=answered, answered_at=at).status_code == 303
    assert (stored(app)["answered"], stored(app)["answered_at"]) == (bool(answered), stored_at)
    assert "answered " not in timeline(client, customer)


@pytest.mark.parametrize(
    ("at", "said"),
    [("2026-03-02T09:59", "before the follow-up"), ("2099-03-02T09:59", "This is still ahead.")],
)
def test_no_answer_comes_before_the_contact_or_is_still_to_come(
    sign_in: SignIn, customer, at: str, said: str
):
    client = sign_in("sales")
    answer = log(client, customer, answered_at=at)
    assert answer.status_code == 422
    assert said in answer.text and at in answer.text
    log(client, customer)
    assert correct(client, customer, answered_at=at).status_code == 422


def test_correcting_the_words_leaves_the_answer_alone(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    log(client, customer, answered_at=LATER)
    exactly = AT + timedelta(hours=3, minutes=30, seconds=17)
    with app.app_context():
        table = Interaction.__table__
        database.session.execute(table.update().values(answered_at=exactly))
        database.session.commit()
    assert correct(client, customer, content="Sent the second draft.").status_code == 303
    assert stored(app)["answered_at"] == exactly
    assert correct(client, customer, answered=None).status_code == 303
    assert stored(app)["answered_at"] is None


def test_an_answer_during_the_contact_moves_along_with_it(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    log(client, customer)
    correct(client, customer, occurred_at=LATER)
    later = AT + timedelta(hours=3, minutes=30)
    assert (stored(app)["occurred_at"], stored(app)["answered_at"]) == (later, later)


def test_everybody_who_took_part_is_named(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    log(client, customer, participants="Tom Becker, Ines Roth", feedback="Too dear by a tenth.")
    row = stored(app)
    assert (row["participants"], row["feedback"]) == (
        "Tom Becker, Ines Roth",
        "Too dear by a tenth.",
    )
    page = timeline(client, customer)
    assert "with Ada Byron, Tom Becker, Ines Roth" in page
    assert "“Too dear by a tenth.”" in page


def test_a_next_step_goes_by_the_channel_and_to_the_person_that_were_chosen(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    log(client, customer, next_what="Bring it", next_on="2099-01-02", next_channel="visit")
    row = stored(app, Task)
    assert (row["channel"], row["due_on"].isoformat()) == ("visit", "2099-01-02")
    with app.app_context():
        assert row["assignee_id"] == person_id("sales")
    url = f"/customers/{customer['number']}/steps"
    assert "#walk" in client.get(url, headers={"HX-Request": "true"}).text


def test_what_follows_from_the_contact_of_a_colleague_who_does_not_see_the_customer_is_the_writers(
    app: Flask, sign_in: SignIn, customer
):
    with app.app_context():
        sales, colleague = person_id("sales"), person_id("sales2")
    more = {"next_what": "Bring it", "next_on": "2099-01-02", "done_by_id": str(colleague)}
    promise = {"promise_what_1": "A sketch", "promise_on_1": "2099-01-02"}
    assert log(sign_in("sales"), customer, **more, **promise).status_code == 303
    assert stored(app)["done_by_id"] == colleague
    with app.app_context():
        assert set(database.session.execute(select(Task.assignee_id)).scalars()) == {sales}


def test_a_contact_of_somebody_without_a_login_is_corrected_as_theirs(
    app: Flask, sign_in: SignIn, customer
):
    draft = {"kind": "phone", "content": "Old tlak", "occurred_at": AT, "done_by_name": "王五"}
    with app.app_context():
        sales, by = person_id("sales"), command_line()
        log_interaction(InteractionDraft(customer_id=customer["id"], **draft), by=by, at=AT)
    client = sign_in("sales")
    url = f"/customers/{customer['number']}/interactions/1/edit"
    assert "王五</option>" in client.get(url).text
    for more, done_by in (({}, (None, "王五")), ({"done_by_id": str(sales)}, (sales, None))):
        assert correct(client, customer, content="Old talk", **more).status_code == 303
        row = stored(app)
        assert (row["content"], row["done_by_id"], row["done_by_name"]) == ("Old talk", *done_by)
