"""What was promised in a contact becomes tasks that hang on it, and is told kept, late or withdrawn."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from crmlite import clock
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import drop_task, finish_task, move_task
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn, csrf_token
from crmlite.work import undo
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.records import form_in, form_on
from tests.followups.tasks import all_tasks, person, planned, stored

PROMISED = {
    "promise_what_1": "Quote for line 3",
    "promise_on_1": "2099-03-03",
    "promise_at_1": "17:00",
    "promise_what_3": "Send the sketch",
    "promise_on_3": "2099-03-04",
}


def log(client: FlaskClient, customer, **more: str):
    """Write a contact down."""
    url = f"/customers/{customer['number']}/interactions/new"
    form = {**form_on(client, url), "content": "Talked about line 3.", **more}
    return client.post(url, data=form)


def timeline(client: FlaskClient, customer) -> str:
    url = f"/customers/{customer['number']}/timeline"
    return client.get(url, headers={"HX-Request": "true"}).text


def test_several_are_kept_with_the_contact_and_go_when_it_is_undone(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    answer = log(
        client, customer, next_what="Call", next_on="2099-03-05", next_channel="phone", **PROMISED
    )
    assert answer.status_code == 303
    with app.app_context():
        kinds = [(row["kind"], row["what"], row["due_on"].day) for row in all_tasks()]
        assert kinds == [
            ("promise", "Quote for line 3", 3),
            ("promise", "Send the sketch", 4),
            ("next-step", "Call", 5),
        ]
        first = all_tasks()[0]
        assert first["due_at"].isoformat() == "2099-03-03T09:00:00+00:00"
        assert {row["interaction_id"] for row in all_tasks()} == {first["interaction_id"]}
        assert {row["assignee_id"] for row in all_tasks()} == {person("sales").user_id}
    stream = timeline(client, customer)
    assert stream.count("Talked about line 3.") == 1  # once, however much hangs on it
    assert stream.index("Quote for line 3") < stream.index("Send the sketch")
    assert "Promised: Quote for line 3" in client.get(f"/customers/{customer['number']}").text
    with app.app_context():
        last = database.session.execute(select(func.max(OperationRow.__table__.c.id))).scalar()
        undo(last, by=person("sales"), at=clock.now())
        assert {row["state"] for row in all_tasks()} == {"deleted"}


INCOMPLETE: list[tuple[dict[str, str], str, str]] = [
    ({"promise_what_1": "Quote"}, "promise_on_1", "By when?"),
    ({"promise_on_2": "2099-03-03"}, "promise_what_2", "What was promised?"),
    ({"promise_at_1": "17:00"}, "promise_what_1", "What was promised?"),
    ({"promise_what_1": "Quote", "promise_at_1": "noonish"}, "promise_at_1", "such as 14:30"),
]


def test_a_promise_has_words_and_a_day_and_nothing_typed_is_lost(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    for sent, field, said in INCOMPLETE:
        answer = log(client, customer, **sent)
        assert answer.status_code == 422, sent
        assert said in answer.text
        again = form_in(answer, f"/customers/{customer['number']}/interactions/new")
        assert {name: again[name] for name in sent} == sent
        assert f'href="#{field}"' in answer.text
    with app.app_context():
        assert all_tasks() == []


def test_the_box_on_the_customers_page_takes_one(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    place = f"/customers/{customer['number']}"
    form = form_on(client, place, f"{place}/interactions/new")
    form |= {"content": "Fine.", "promise_what_1": "Quote", "promise_on_1": "2099-03-03"}
    client.post(f"{place}/interactions/new", data=form)
    with app.app_context():
        [row] = all_tasks()
        assert (row["kind"], row["what"]) == ("promise", "Quote")


@pytest.mark.parametrize(
    ("how", "lang", "words"),
    [
        ("kept", "en", "kept in time"),
        ("late", "en", "2 days late"),
        ("late", "zh", "逾期 2 天"),
        ("kept late", "en", "kept late"),
        ("withdrawn", "en", "withdrawn"),
    ],
)
def test_the_timeline_tells_how_it_went(app: Flask, sign_in: SignIn, customer, how, lang, words):
    client = sign_in("sales", lang=lang)
    log(client, customer, promise_what_1="Quote", promise_on_1="2099-03-03")
    with app.app_context():
        [row] = all_tasks()
        if how in ("late", "kept late"):
            day = local_day(clock.now()) - timedelta(days=2)
            database.session.execute(update(Task.__table__).values(due_on=day))
            database.session.commit()
        at = clock.now()
        if how in ("kept", "kept late"):
            finish_task(row["id"], by=person("sales"), at=at)
        elif how == "withdrawn":
            drop_task(row["id"], by=person("sales"), at=at)
    assert words in timeline(client, customer)


def test_when_it_is_due_and_when_it_was_done_are_not_put_back_alone(
    app: Flask, sign_in: SignIn, customer
):
    with app.app_context():
        task_id = planned(customer, kind="promise", due_at=clock.now() + timedelta(hours=1))
        day = local_day(clock.now()) + timedelta(days=5)
        move_task(task_id, day, by=person("sales"), at=clock.now())
        finish_task(task_id, by=person("sales"), at=clock.now())
        before, changes = dict(stored(task_id)), ChangeRow.__table__
        found = select(changes.c.id, changes.c.diff).where(
            changes.c.record_type == "task", changes.c.verb == "update"
        )
        fields = [(row.id, name) for row in database.session.execute(found) for name in row.diff]
    client = sign_in("manager")
    token = {"csrf_token": csrf_token(client, f"/customers/{customer['number']}")}
    assert {"due_on", "due_at", "closed_at", "closed_by_id"} <= {name for _id, name in fields}
    for change_id, name in fields:
        sent = {**token, "field": name}
        assert client.post(f"/history/{change_id}/restoration", data=sent).status_code == 403, name
    with app.app_context():
        assert dict(stored(task_id)) == before
    assert client.get(f"/customers/{customer['number']}").status_code == 200
