"""What has been overdue for long is gathered under one line; several tasks are dealt with at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.settings.queries import local_day
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import batches
from tests.followups.conftest import add_customer
from tests.followups.tasks import all_tasks, planned

FORM_KEY = "A" * 22


@pytest.fixture
def old(app: Flask) -> None:
    """Tasks of sales: three next steps and a promise that are old, one that is late, one of today."""
    with app.app_context():
        customer, today = add_customer("sales", "Calder Bearings Ltd"), local_day(clock.now())
        for what, days in (("Old A", 31), ("Old B", 90), ("Old C", 400), ("Late", 30), ("Now", 0)):
            planned(customer, what=what, due_on=today - timedelta(days=days))
        planned(customer, what="Old promise", kind="promise", due_on=today - timedelta(days=60))


def press(client: FlaskClient, url: str, **form: Any) -> Any:
    token = csrf_token(client, "/profile")
    return client.post(url, data={"csrf_token": token, "form_key": FORM_KEY, **form})


def open_tasks(app: Flask) -> dict[str, tuple[int, int]]:
    """What is open: by how many days it is late, and whose it is."""
    with app.app_context():
        today = local_day(clock.now())
        return {
            row["what"]: ((today - row["due_on"]).days, row["assignee_id"])
            for row in all_tasks()
            if row["status"] == "open"
        }


def test_old_next_steps_are_one_line_and_promises_are_not(sign_in: SignIn, old):
    client = sign_in("sales")
    page = client.get("/today").text
    assert "3 older ones" in page and "Old A" not in page
    assert "Old promise" in page and "Late" in page
    assert re.search(r'Overdue <span class="meta">2</span>', page)
    assert 'id="count-today">3</span>' in page
    unfolded = client.get("/today?older=1").text
    assert unfolded.index("Old C") < unfolded.index("Old B") < unfolded.index("Old A")


def test_all_of_them_are_dropped_in_batches_and_come_back_with_one_undo(
    app: Flask, sign_in: SignIn, old, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batches, "BATCH", 2)
    client, before = sign_in("sales"), open_tasks(app)
    assert press(client, "/today/older/drop").status_code == 303
    assert open_tasks(app).keys() == {"Old promise", "Late", "Now"}
    page = client.get("/today").text
    assert "3 tasks dropped." in page
    place = page.partition('action="/operations/')[2].partition('"')[0]
    press(client, f"/operations/{place}")
    assert open_tasks(app) == before


def test_who_looks_at_somebody_takes_all_of_them_for_today(app: Flask, sign_in: SignIn, old):
    press(sign_in("manager"), "/today/older/move?who=sales")
    with app.app_context():
        mine, theirs = person_id("manager"), person_id("sales")
    found = open_tasks(app)
    assert {what: found[what] for what in ("Old A", "Old B", "Old C")} == dict.fromkeys(
        ("Old A", "Old B", "Old C"), (0, mine)
    )
    assert found["Old promise"] == (60, theirs)


@pytest.mark.parametrize(
    ("what", "more", "left"),
    [
        ("finish", {}, {"Old A", "Old B", "Old C", "Old promise"}),
        ("drop", {}, {"Old A", "Old B", "Old C", "Old promise"}),
        ("move", {"due_on": "2099-01-02"}, None),
    ],
)
def test_the_selected_ones_are_dealt_with_at_once(
    app: Flask, sign_in: SignIn, old, what: str, more, left
):
    client = sign_in("sales")
    answer = press(client, f"/today/together/{what}", pick=["4", "5"], **more)
    assert answer.status_code == 303
    found = open_tasks(app)
    if left is not None:
        assert found.keys() == left
    else:
        assert found["Late"][0] == found["Now"][0] < -20_000
    press(client, f"/today/together/{what}", pick=["4", "5"], **more)
    assert open_tasks(app) == found


def test_nothing_else_is_done_and_nothing_of_others(app: Flask, sign_in: SignIn, old):
    before = open_tasks(app)
    for who, url, status in (
        ("sales2", "/today/together/drop", 303),  # nothing of it is theirs to change
        ("sales2", "/today/older/drop?who=sales", 404),
        ("sales", "/today/together/sell", 404),
        ("sales", "/today/older/finish", 404),
    ):
        answer = press(sign_in(who), url, pick=["1", "4", "nothing"])
        assert answer.status_code == status, url
        assert open_tasks(app) == before


@pytest.mark.parametrize("day", ["soon", "9999-12-31", "0001-01-01"])
def test_nothing_is_moved_to_a_day_that_forms_would_refuse(
    app: Flask, sign_in: SignIn, old, day: str
):
    before, client = open_tasks(app), sign_in("sales")
    for what in ("together", "older"):
        assert press(client, f"/today/{what}/move", pick=["4"], due_on=day).status_code == 422
    assert open_tasks(app) == before
