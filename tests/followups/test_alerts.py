"""Reminders and late promises are told once, to whom they concern, however many workers there are."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from time_machine import travel

from crmlite.accounts.models import Team
from crmlite.accounts.operations import set_grants
from crmlite.accounts.queries import role_by_key
from crmlite.extensions import database
from crmlite.followups.operations import alerts, drop_task, move_task
from crmlite.followups.operations.alerts import KIND, LATE, NUDGE, REMINDER
from crmlite.jobs import queue, running, timetable
from crmlite.notifications.models import Notification
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import operation, records, undo
from crmlite.work.actors import command_line
from crmlite.work.operations import move_epoch
from tests.followups.tasks import NOON, person, planned, stored

HOUR = timedelta(hours=1)


def told() -> list[tuple[str, str]]:
    """Who was told what so far."""
    database.session.rollback()
    table = Notification.__table__
    rows = database.session.execute(select(table.c.user_id, table.c.kind).order_by(table.c.id))
    logins = {person_id(login): login for login in ("manager", "sales", "sales2", "support")}
    return [(logins[user_id], kind) for user_id, kind in rows]


def work(at: datetime) -> int:
    """Two workers look and do what there is; answers how many jobs they had."""
    with travel(at, tick=False):
        for _worker in range(2):
            timetable.put_pending(at)
        claims = []
        while claim := queue.claim(("one", "two")[len(claims) % 2], at):
            claims.append(claim)
        mine = [claim for claim in claims if claim.kind.name == KIND]
        assert all(running.do(claim) for claim in mine)
        return len(mine)


@operation("team_updated")
def led(key: str, login: str, *, by, at) -> None:
    """Have a team led by somebody."""
    table = Team.__table__
    team_id = database.session.execute(select(table.c.id).where(table.c.key == key)).scalar_one()
    records.update(Team, team_id, {"lead_id": person_id(login)})
    move_epoch()


def see_team(role: str) -> None:
    """Let a role see the customers of the team."""
    found = role_by_key(role)
    set_grants({found.id: {"customers:see": "team"}}, by=command_line(), at=NOON)


def test_a_reminder_is_given_once_and_anew_when_it_is_moved(inside: Flask, customer):
    task_id = planned(customer, at=NOON, due_at=NOON + 2 * HOUR, remind_at=NOON + HOUR)
    assert work(NOON) == 0
    assert work(NOON + HOUR) == 1
    assert work(NOON + HOUR) == 0
    assert told() == [("sales", REMINDER)]
    moved = move_task(task_id, NOON.date() + timedelta(days=1), by=person("sales"), at=NOON + HOUR)
    undo(moved, by=person("sales"), at=NOON + HOUR)
    assert work(NOON + 2 * HOUR) == 0  # it was told of before
    move_task(task_id, NOON.date() + timedelta(days=1), by=person("sales"), at=NOON + 2 * HOUR)
    assert work(NOON + 25 * HOUR) == 1
    assert told() == [("sales", REMINDER)] * 2


@pytest.mark.parametrize("how", ["dropped", "out of sight"])
def test_nobody_is_reminded_of_what_is_closed_or_not_theirs_to_see(inside: Flask, customer, how):
    who = "sales" if how == "dropped" else "sales2"
    task_id = planned(customer, who, at=NOON, due_at=NOON + HOUR, remind_at=NOON + HOUR)
    if how == "dropped":
        drop_task(task_id, by=person("sales"), at=NOON)
    assert work(NOON + HOUR) == (how != "dropped")
    assert told() == []
    assert stored(task_id)["alert_at"] is None


def test_a_late_promise_rises_once_to_the_lead_who_sees_the_customer(inside: Flask, customer):
    led("sales", "sales2", by=command_line(), at=NOON)
    see_team("sales")
    promise = planned(customer, at=NOON, kind="promise", due_at=NOON + HOUR)
    planned(customer, at=NOON, due_at=NOON + HOUR)  # a next step rises to nobody
    assert work(NOON + HOUR) == 1
    assert work(NOON + 9 * HOUR) == 0
    assert told() == [("sales2", LATE)]
    # promised anew for another day, it is late anew
    move_task(promise, NOON.date() + timedelta(days=2), by=person("sales"), at=NOON + 9 * HOUR)
    assert work(NOON + 50 * HOUR) == 1
    assert told() == [("sales2", LATE)] * 2


def test_without_such_a_lead_it_rises_to_who_looks_at_everybody(inside: Flask, customer):
    led("sales", "sales2", by=command_line(), at=NOON)  # sees only customers of their own
    planned(customer, at=NOON, kind="promise", due_on=NOON.date())
    assert work(NOON + 11 * HOUR) == 0  # the day is not over
    assert work(NOON + 12 * HOUR) == 1
    assert told() == [("manager", LATE)]


def test_more_than_one_job_can_tell_is_told_by_the_next(
    inside: Flask, customer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(alerts, "AT_ONCE", 2)
    for _each in range(3):
        planned(customer, at=NOON, due_at=NOON, remind_at=NOON)
    assert (work(NOON), work(NOON), work(NOON)) == (1, 1, 0)
    assert told() == [("sales", REMINDER)] * 3


def test_a_colleague_is_reminded_once_a_day_and_reads_why(app: Flask, sign_in: SignIn, customer):
    with app.app_context():
        task_id = planned(customer, what="Send the <offer>", kind="promise")
    boss = sign_in("manager")
    form = {"csrf_token": csrf_token(boss, "/profile")}
    for _twice in range(2):
        boss.post(f"/steps/{task_id}/nudge", data=form)
    with app.app_context():
        assert told() == [("sales", NUDGE)]
    page = sign_in("sales").get("/notifications").text
    assert "Do not forget: Send the &lt;offer&gt; · Calder Bearings Ltd" in page
    with app.app_context():
        table = Notification.__table__
        database.session.execute(update(table).values(user_id=person_id("sales2")))
        database.session.commit()
    assert "Calder" not in sign_in("sales2").get("/notifications").text
