"""Today: one's own next steps in bands, and those of others only for those who may look."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from crmlite import clock, settings
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.followups.operations import NextStep, add_task
from crmlite.followups.queries.steps import due
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor


def firms_day() -> date:
    """The day it is at the firm."""
    return clock.today(ZoneInfo(settings.get("timezone")))


@pytest.fixture
def steps(app: Flask) -> None:
    """Steps of sales: late, today, this week or next, and one of sales2."""
    with app.app_context():
        day = firms_day()
        for login, what, days in (
            ("sales", "Late call", -3),
            ("sales", "Call of today", 0),
            ("sales", "Call of next year", 365),
            ("sales2", "Call of somebody else", 0),
        ):
            by = Actor("person", login, person_id(login))
            made = create_customer(
                CustomerDraft(
                    values={"kind": "company", "name": f"{what} Ltd", "owner_id": by.user_id}
                ),
                by=by,
                at=clock.now(),
            )
            step = NextStep(what=what, due_on=day + timedelta(days=days))
            add_task(made["id"], step, by=by, at=clock.now())


def test_what_is_due_stands_in_bands_and_what_is_far_off_does_not(sign_in: SignIn, steps):
    page = sign_in("sales").get("/today").text
    assert page.index("Overdue") < page.index("Late call") < page.index("Call of today")
    assert "Call of next year" not in page
    assert "Call of somebody else" not in page


def test_a_step_is_ticked_off_without_scripts_and_can_be_undone(sign_in: SignIn, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    assert client.post("/steps/1/completion", data=form).status_code == 303
    page = client.get("/today").text
    assert 'data-row="1"' not in page and "Done: Late call" in page
    place = page.partition('action="/operations/')[2].partition('"')[0]
    assert client.post(f"/operations/{place}", data=form).status_code == 303
    assert "Late call" in client.get("/today").text


def test_a_step_moves_to_another_day(sign_in: SignIn, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today"), "due_on": "2099-01-01"}
    assert client.post("/steps/1/day", data=form).status_code == 303
    client.get("/today")  # shows the message
    assert "Late call" not in client.get("/today").text
    wrong = client.post("/steps/2/day", data={**form, "due_on": "someday"})
    assert wrong.status_code == 422 and "someday" in wrong.text


def test_nobody_touches_the_steps_of_customers_they_do_not_see(sign_in: SignIn, steps):
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    assert client.post("/steps/4/completion", data=form).status_code == 404


def test_a_manager_looks_at_a_person_and_at_a_team(sign_in: SignIn, steps):
    client = sign_in("manager")
    assert "Late call" in client.get("/today?who=sales").text
    team = client.get("/today?team=sales").text
    assert "Late call" in team and "Call of somebody else" in team and "林知夏" in team


@pytest.mark.parametrize("query", ["?who=sales2", "?team=sales", "?who=nobody", "?team=%00"])
def test_salespeople_look_at_nobody_else(sign_in: SignIn, steps, query: str):
    assert sign_in("sales").get(f"/today{query}").status_code == 404


def test_an_empty_today_teaches(sign_in: SignIn):
    assert "Nothing waits for you" in sign_in("support").get("/today").text


def test_a_hundred_overdue_steps_do_not_hide_what_is_due_today(
    app: Flask, sign_in: SignIn, steps, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(due, "__defaults__", (2,))
    with app.app_context():
        day = firms_day()
        by = Actor("person", "sales", person_id("sales"))
        for number in range(3):
            step = NextStep(what=f"Older {number}", due_on=day - timedelta(days=9 - number))
            add_task(1, step, by=by, at=clock.now())
    page = sign_in("sales").get("/today").text
    assert "Older 0" in page and "Older 1" in page and "Older 2" not in page
    assert re.search(r'Overdue <span class="meta">4</span>', page)
    assert "Call of today" in page


def test_what_nobody_shown_sees_is_not_counted(app: Flask, sign_in: SignIn, steps):
    with app.app_context():
        by = Actor("person", "sales2", person_id("sales2"))
        step = NextStep(what="At a stranger", due_on=firms_day(), assignee_id=by.user_id)
        add_task(1, step, by=by, at=clock.now())
    page = sign_in("sales2").get("/today").text
    assert "At a stranger" not in page
    assert re.search(r'Today <span class="meta">1</span>', page)
