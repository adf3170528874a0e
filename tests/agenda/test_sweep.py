"""The weekly sweep: what it holds, how it is worked off, who is reminded, who finished."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.agenda.models import SweptWeek
from crmlite.agenda.operations import finish_sweep
from crmlite.agenda.queries.sweep import Progress, Week, progress, swept
from crmlite.agenda.reminding import KIND, remind
from crmlite.customers.operations import add_need
from crmlite.extensions import database
from crmlite.followups.operations import (
    InteractionDraft,
    drop_task,
    finish_task,
    log_interaction,
    move_task,
)
from crmlite.notifications.models import Notification
from crmlite.settings.operations import change_settings
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import operation, undo
from crmlite.work.actors import command_line, job
from tests.applications import Employ
from tests.followups.conftest import add_customer
from tests.followups.tasks import person, planned, stored

MONDAY = date(2026, 3, 2)
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai
WEEK = Week(MONDAY)
DAY = timedelta(days=1)
HERE = "/calendar/sweep"


@pytest.fixture(autouse=True)
def friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def talk(customer: Any, who: str = "sales", at: datetime = FRIDAY - DAY, **more: Any) -> None:
    draft = InteractionDraft(
        customer_id=customer["id"], kind="phone", content="Talked", occurred_at=at, **more
    )
    log_interaction(draft, by=person(who), at=at)


def far(who: str = "sales") -> Progress:
    user_id = person_id(who)
    return progress(everything(), [user_id], WEEK)[user_id]


def press(client: FlaskClient, task: int, what: str, outcome: str) -> Any:
    data = {"do": what, "outcome": outcome, "csrf_token": csrf_token(client, HERE)}
    return client.post(f"{HERE}/tasks/{task}", data=data)


def test_progress_counts_what_is_due_by_sunday_and_who_was_talked_with(inside: Flask) -> None:
    mine = add_customer("sales", "Calder Ltd")
    other = add_customer("sales", "Merton Ltd")
    late = planned(mine, due_on=MONDAY - 30 * DAY)
    planned(mine, due_on=MONDAY + 6 * DAY)
    planned(mine, due_on=MONDAY + 7 * DAY)  # next week
    done = planned(other, due_on=MONDAY)
    assert far() == Progress(still=3, closed=0, talked=0, lacking=0)
    finish_task(done, by=person("sales"), at=FRIDAY)
    drop_task(late, by=person("sales"), at=FRIDAY, outcome="Moved away")
    assert far() == Progress(still=1, closed=2, talked=0, lacking=0)
    before = planned(mine, due_on=MONDAY - DAY)
    finish_task(before, by=person("sales"), at=FRIDAY - 5 * DAY)  # last Sunday
    assert far().closed == 2
    talk(mine)
    talk(mine, at=FRIDAY - 2 * DAY)
    talk(other)
    talk(add_customer("sales", "Unanswered Ltd"), answered=False)
    talk(add_customer("sales", "Earlier Ltd"), at=FRIDAY - 6 * DAY)
    assert (far().talked, far().lacking) == (2, 2)
    add_need(mine["id"], {"goal": "A pump"}, by=person("sales"), at=FRIDAY)
    assert far().lacking == 1  # next steps are there
    assert (far().done, far().total) == (3, 5)


def test_a_task_is_done_with_its_outcome_or_dropped_with_why(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mine = add_customer("sales", "Calder Ltd")
        one = planned(mine, what="Ring them", due_on=MONDAY)
        other = planned(mine, what="Send it", due_on=MONDAY)
    client = sign_in("sales")
    page = client.get(HERE).text
    assert "0 of 2 done" in page and "Ring them" in page
    assert press(client, one, "done", "They want two").status_code == 303
    assert "1 of 2 done" in client.get(HERE).text
    press(client, other, "drop", "")
    assert "Why is it not needed any more?" in client.get(HERE).text
    press(client, other, "drop", "Bought elsewhere")
    assert "2 of 2 done" in client.get(HERE).text
    assert press(client, one, "eat", "").status_code == 422
    with app.app_context():
        assert (stored(one)["status"], stored(one)["outcome"]) == ("done", "They want two")
        assert (stored(other)["status"], stored(other)["outcome"]) == (
            "dropped",
            "Bought elsewhere",
        )


def test_whom_people_talked_with_is_offered_until_nothing_lacks(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        talk(mine)
    client = sign_in("sales")
    page = client.get(HERE).text
    number = mine["number"]
    assert "no open need" in page and "no next step" in page
    assert f"/customers/{number}/needs/new" in page and f"/customers/{number}/steps/new" in page
    with app.app_context():
        add_need(mine["id"], {"goal": "A pump"}, by=person("sales"), at=FRIDAY)
        planned(mine, due_on=MONDAY + 9 * DAY, what="Next call")
    page = client.get(HERE).text
    assert "no open need" not in page and "no next step" not in page
    assert "Next call" in page  # what comes next week


def test_a_need_that_is_added_in_the_drawer_leaves_the_sweep_where_it_is(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        mine: Any = add_customer("sales", "Calder Ltd")
        talk(mine)
    client = sign_in("sales")
    url = f"/customers/{mine['number']}/needs/new"
    answer = client.post(
        url,
        data={"goal": "A pump", "csrf_token": csrf_token(client, url)},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost{HERE}"},
    )
    assert "customer-changed" in answer.headers["HX-Trigger"]
    assert "HX-Redirect" not in answer.headers


def test_a_finished_sweep_is_on_record_and_its_lead_sees_it(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        planned(add_customer("sales", "Calder Ltd"), due_on=MONDAY)
    client = sign_in("sales")
    for _turn in range(2):  # said again, the last time counts
        token = csrf_token(client, HERE)
        assert client.post(f"{HERE}/end", data={"csrf_token": token}).status_code == 303
    assert "Swept." in client.get(HERE).text
    with app.app_context():
        [row] = database.session.execute(select(SweptWeek.__table__)).mappings()
        assert (row["week_on"], row["done"], row["total"]) == (MONDAY, 0, 1)
    team = sign_in("manager").get(f"{HERE}?team=sales").text
    lines = re.findall(r'<tr role="row" data-row.*?</tr>', team, re.DOTALL)
    state = {line.split('class="name"')[1].split(">")[1].split("<")[0]: line for line in lines}
    assert "not yet" in state["Oliver Hartwell"] and "not yet" not in state["林知夏"]
    assert "0 of 1" in state["林知夏"]
    assert "Weekly sweep finished" in sign_in("manager").get("/settings/ledger").text


def test_the_week_that_was_shown_is_finished_though_another_has_begun(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        planned(add_customer("sales", "Calder Ltd"), due_on=MONDAY)
    sunday = datetime(2026, 3, 8, 15, 50, tzinfo=UTC)  # ten minutes to midnight in Shanghai
    monkeypatch.setattr(clock, "now", lambda: sunday)
    client = sign_in("sales")
    sent = dict(
        re.findall(r'name="(csrf_token|form_key|week)" value="([^"]*)"', client.get(HERE).text)
    )
    monkeypatch.setattr(clock, "now", lambda: sunday + timedelta(minutes=20))
    answer = client.post(f"{HERE}/end", data=sent)
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"?day={MONDAY}")
    with app.app_context():
        [row] = database.session.execute(select(SweptWeek.__table__)).mappings()
        assert (row["week_on"], row["done"], row["total"]) == (MONDAY, 0, 1)
    assert "Swept." in client.get(f"{HERE}?day={MONDAY}").text
    assert "Swept." not in client.get(HERE).text


def test_whose_week_may_be_looked_at(app: Flask, sign_in: SignIn, employ: Employ) -> None:
    with app.app_context():
        planned(add_customer("sales2", "Merton Ltd"), who="sales2", what="Secret", due_on=MONDAY)
    assert "Secret" in sign_in("manager").get(f"{HERE}?who=sales2").text
    for query in ("who=sales2", "team=sales"):
        assert sign_in("sales").get(f"{HERE}?{query}").status_code == 404
    employ("sales", {"customers:see": "own", "today:others": "team", "tasks:edit": "own"})
    lead = sign_in("sales")
    assert lead.get(f"{HERE}?team=sales").status_code == 200
    assert "Secret" not in lead.get(f"{HERE}?who=sales2").text
    assert press(lead, 1, "done", "").status_code == 404


@operation("job_done")
def reminded(*, by: Any, at: datetime) -> None:
    remind({}, by=by, at=at)


def told() -> list[int]:
    table = Notification.__table__
    wanted = select(table.c.user_id).where(table.c.kind == KIND).order_by(table.c.user_id)
    return list(database.session.execute(wanted).scalars())


def test_people_are_reminded_once_when_the_hour_has_come(inside: Flask) -> None:
    planned(add_customer("sales", "Calder Ltd"), due_on=MONDAY)
    planned(add_customer("sales2", "Merton Ltd"), who="sales2", due_on=MONDAY)
    next_week = planned(add_customer("manager", "Later Ltd"), who="manager", due_on=MONDAY)
    move_task(next_week, MONDAY + 7 * DAY, by=person("manager"), at=FRIDAY)
    finish_sweep(person_id("sales2"), MONDAY, done=0, total=1, by=person("sales2"), at=FRIDAY - DAY)
    for early in (FRIDAY - DAY, FRIDAY - timedelta(hours=2)):
        reminded(by=job(KIND), at=early)
    assert told() == []
    for _turn in range(2):
        reminded(by=job(KIND), at=FRIDAY)
    assert told() == [person_id("sales")]


def test_who_talked_and_planned_nothing_is_reminded_too(inside: Flask) -> None:
    talk(add_customer("sales", "Calder Ltd"))
    whole = add_customer("sales2", "Merton Ltd")
    planned(whole, who="sales2", due_on=MONDAY + 9 * DAY)
    talk(whole, "sales2")
    add_need(whole["id"], {"goal": "More"}, by=person("sales2"), at=FRIDAY)
    reminded(by=job(KIND), at=FRIDAY)
    assert told() == [person_id("sales")]


def test_the_weekday_and_the_hour_are_settings(inside: Flask) -> None:
    planned(add_customer("sales", "Calder Ltd"), due_on=MONDAY)
    change_settings({"sweep_weekday": "never"}, by=command_line(), at=FRIDAY)
    reminded(by=job(KIND), at=FRIDAY)
    assert told() == []
    change_settings({"sweep_weekday": "3", "sweep_hour": 9}, by=command_line(), at=FRIDAY)
    reminded(by=job(KIND), at=FRIDAY - DAY - timedelta(hours=6))  # Thursday 10:00
    assert told() == [person_id("sales")]


def test_a_reminder_leads_to_the_sweep(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        planned(add_customer("sales", "Calder Ltd"), due_on=MONDAY)
        reminded(by=job(KIND), at=FRIDAY)
    page = sign_in("sales").get("/notifications").text
    assert "Time for the weekly sweep" in page


def test_an_undo_takes_a_finished_sweep_back(inside: Flask) -> None:
    who = person_id("sales")
    done = finish_sweep(who, MONDAY, done=1, total=2, by=person("sales"), at=FRIDAY)
    assert who in swept([who], WEEK)
    undo(done, by=person("sales"), at=FRIDAY)
    assert swept([who], WEEK) == {}
