"""A contact that was begun waits on Today until it is written down, or did not take place."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crmlite import clock
from crmlite.extensions import database
from crmlite.followups.models import ContactStart, Interaction
from crmlite.testing import SignIn, csrf_token
from tests.customers.records import form_on
from tests.followups.tasks import planned

TABLE = ContactStart.__table__


def begin(client: FlaskClient, customer, kind: str = "visit") -> Any:
    """Say that one is there."""
    form = {"csrf_token": csrf_token(client, "/profile"), "kind": kind}
    url = f"/customers/{customer['number']}/starts"
    return client.post(url, data=form, headers={"HX-Request": "true", "HX-Current-URL": "/today"})


def starts(app: Flask) -> list[Any]:
    with app.app_context():
        return list(database.session.execute(select(TABLE).order_by(TABLE.c.id)).mappings())


def back_by(app: Flask, hours: float) -> None:
    """Have it begun so long ago, give or take the time that this takes."""
    with app.app_context():
        moment = clock.now() - timedelta(hours=hours, seconds=30 if hours > 24 else -30)
        database.session.execute(update(TABLE).values(at=moment))
        database.session.commit()


def waiting(client: FlaskClient) -> str:
    """What stands under "Not written yet"."""
    return client.get("/today").text.partition("Not written yet")[2].partition("</section>")[0]


def test_a_tap_is_noted_once_and_can_be_undone(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    events = json.loads(begin(client, customer).headers["HX-Trigger"])
    assert "waits under Today" in events["toast"]["text"]
    again = json.loads(begin(client, customer).headers["HX-Trigger"])
    assert "toast" not in again
    assert [(row["kind"], row["status"]) for row in starts(app)] == [("visit", "waiting")]
    form = {"csrf_token": csrf_token(client, "/profile")}
    client.post(events["toast"]["undo"]["url"], data=form)
    assert [row["state"] for row in starts(app)] == ["deleted"]
    assert waiting(client) == ""


def test_it_waits_with_the_time_left_of_a_day_and_stays_when_that_is_over(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    begin(client, customer)
    for hours, words, state in (
        (2, "22 h left", ""),
        (21, "3 h left", "soon"),
        (27, "3 h late", "late"),
        (73, "2 days late", "late"),
    ):
        back_by(app, hours)
        line = waiting(client)
        assert "Visit, Calder Bearings Ltd" in line
        assert f'<span class="{state}">{words}</span>' in line


def test_the_form_offers_it_and_settles_it(app: Flask, sign_in: SignIn, customer):
    client = sign_in("sales")
    begin(client, customer)
    back_by(app, 5)
    url = f"/customers/{customer['number']}/interactions/new"
    form = form_on(client, url)
    assert form["kind"] == "visit"
    # five hours ago is yesterday soon after midnight
    assert re.search("You began this (5 hours ago|yesterday):", client.get(url).text)
    client.post(url, data={**form, "content": "Saw the line."})
    [start] = starts(app)
    with app.app_context():
        talk = database.session.execute(select(Interaction.__table__)).mappings().one()
    assert (start["status"], start["interaction_id"]) == ("logged", talk["id"])
    assert abs(talk["recorded_at"] - talk["occurred_at"] - timedelta(hours=5)) < timedelta(
        minutes=3
    )
    assert waiting(client) == ""


@pytest.mark.parametrize(("kind", "status"), [("visit", "logged"), ("phone", "waiting")])
def test_written_down_by_another_way_it_is_settled_where_it_can_only_be_that_one(
    app: Flask, sign_in: SignIn, customer, kind: str, status: str
):
    client = sign_in("sales")
    begin(client, customer)
    place = f"/customers/{customer['number']}"
    form = form_on(client, place, f"{place}/interactions/new")
    client.post(f"{place}/interactions/new", data={**form, "content": "Fine.", "kind": kind})
    assert [row["status"] for row in starts(app)] == [status]


def test_what_did_not_take_place_is_taken_off_by_who_sees_the_customer(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    begin(client, customer)
    url = "/starts/1/dismissal"
    assert url in waiting(client)
    form = {"csrf_token": csrf_token(client, "/profile")}
    other = sign_in("sales2")
    assert other.post(url, data={"csrf_token": csrf_token(other, "/profile")}).status_code == 404
    assert client.post(url, data=form).status_code == 303
    assert [row["status"] for row in starts(app)] == ["dismissed"]
    assert "was written down or taken off before" in client.post(
        url, data=form, follow_redirects=True
    ).text  # fmt: skip


def test_nobody_begins_contacts_with_customers_out_of_sight(sign_in: SignIn, customer):
    assert begin(sign_in("sales2"), customer).status_code == 404


def test_what_was_planned_for_a_moment_that_has_passed_waits_too(
    app: Flask, sign_in: SignIn, customer
):
    client = sign_in("sales")
    for channel, ahead, waits in (
        ("phone", 1, False),
        ("email", -1, False),
        ("phone", -1, True),
        ("visit", -30, True),
    ):
        with app.app_context():
            at = clock.now() + timedelta(hours=ahead)
            task_id = planned(customer, what="Discuss", due_at=at, channel=channel)
        line = waiting(client)
        assert ("Calder Bearings Ltd" in line) is waits, (channel, ahead)
        if waits:
            url = f"/customers/{customer['number']}/interactions/new?back=today&step={task_id}"
            url += "&took=1"
            assert url.replace("&", "&amp;") in line
            form = form_on(client, url)
            assert form["kind"] == channel
            client.post(url, data={**form, "content": "Done.", "closes": str(task_id)})
            assert waiting(client) == ""
