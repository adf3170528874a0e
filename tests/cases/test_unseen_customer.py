"""Who works on a case of a customer whom they do not see: their tasks, their undo, mentions."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import travel

from crmlite import clock
from crmlite.access.undoing import may_undo, operation_row
from crmlite.accounts.queries import reader_of
from crmlite.cases.operations import (
    Promise,
    Revisit,
    Said,
    Solution,
    answer,
    ask,
    assign,
    close_task,
    join,
    leave,
    link,
    move,
    resolve,
    revisit,
    split,
    take,
    unlink,
)
from crmlite.cases.queries.cases import tasks
from crmlite.extensions import database
from crmlite.followups.facts import refresh
from crmlite.followups.models import Task
from crmlite.followups.operations import alerts
from crmlite.notifications.models import Notification
from crmlite.testing import csrf_token, person_id
from crmlite.work import Actor, operation, records
from tests.cases.conftest import sent

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
HOUR = timedelta(hours=1)


@pytest.fixture
def helper(app, case) -> int:
    """Has the case with a promise and a task, due in an hour; the customer is of somebody else."""
    with app.app_context():
        user_id, by, at = person_id("sales2"), Actor("command", "x"), clock.now()
        assign(case["id"], user_id, by=by, at=at)
        promise = Promise(what="A spare spindle", by_when=at + HOUR)
        answer(case["id"], Said(content="Soon."), promises=(promise,), by=by, at=at)
        ask(case["id"], "Photos of it", user_id, at + HOUR, by=by, at=at)
        return user_id


def test_their_tasks_stand_on_their_today_without_the_customer(sign_in, helper) -> None:
    client = sign_in("sales2")
    for address in ("/today", "/today/promises"):
        page = client.get(address).text.split('id="today-cases"')[0]  # the case itself names them
        assert "A spare spindle" in page
        assert "/cases/K0001" in page
        assert "Calder" not in page
        assert "/customers/C001" not in page
    today = client.get("/today").text
    assert "Photos of it" in today
    assert "Case K0001" in today
    assert "Photos of it" not in sign_in("sales").get("/today").text


def test_what_belongs_to_a_case_out_of_sight_is_not_shown(app, sign_in, employ, helper) -> None:
    employ("sales2", {"customers:see": "own", "tasks:edit": "own"})
    page = sign_in("sales2").get("/today").text
    assert "A spare spindle" not in page


def test_they_are_reminded_and_their_lead_is_told(app, sign_in, case, helper) -> None:
    with app.app_context():
        [task] = [one for one in tasks(case["id"]) if one["purpose"] == "task"]
        remind(task["id"], by=Actor("command", "x"), at=clock.now())
    with travel(clock.now() + 2 * HOUR, tick=False):
        with app.app_context():
            tell(by=Actor("job", alerts.KIND), at=clock.now())
            table = Notification.__table__
            wanted = select(table.c.kind).where(table.c.user_id == helper)
            assert alerts.REMINDER in database.session.execute(wanted).scalars().all()
        page = sign_in("sales2").get("/notifications").text
    assert "Reminder: Photos of it · Case K0001" in page
    assert "Calder" not in page


@operation("task_updated")
def remind(task_id: int, *, by, at) -> None:
    """Have somebody reminded of a task in half an hour."""
    records.update(Task, task_id, {"remind_at": at + HOUR / 2})
    customer = select(Task.__table__.c.customer_id).where(Task.__table__.c.id == task_id)
    refresh([database.session.execute(customer).scalar_one()])


@operation("people_told")
def tell(*, by, at) -> None:
    """Tell of what is due."""
    alerts.tell_due({}, by=by, at=at)


def test_they_take_back_what_they_did(app, case, helper) -> None:
    with app.app_context():
        reader, at = reader_of(helper), clock.now()
        for purpose in ("task", "promise"):
            [task] = [one for one in tasks(case["id"]) if one["purpose"] == purpose]
            done = close_task(case["id"], task["id"], by=reader.actor, at=at)
            assert may_undo(reader, operation_row(done))
            assert not may_undo(reader_of(person_id("sales")), operation_row(done))
        other = assign(case["id"], None, by=reader.actor, at=at)
        assert not may_undo(reader, operation_row(other))  # they may not give cases to others


def test_they_take_back_what_is_in_it_no_more_and_what_it_leads_to(desk) -> None:
    reader = reader_of(person_id("sales2"))
    by, other = reader.actor, person_id("manager")
    first, second = (desk.open(MONDAY, assignee_id=by.user_id) for _each in range(2))
    undoable(join(first, other, "other", by=by, at=MONDAY), by)
    left = leave(first, other, by=by, at=MONDAY)
    undoable(left, by)
    undoable(link(first, second, by=by, at=MONDAY), by)
    undoable(unlink(first, second, by=by, at=MONDAY), by)
    undoable(split(second, "Something else", by=by, at=MONDAY)["operation"], by)
    move(first, "in_progress", by=by, at=MONDAY)
    resolve(first, Solution(resolution="Done"), by=by, at=MONDAY + HOUR)
    told = Revisit(satisfied=True, content="Runs quietly.")
    undoable(revisit(first, told, by=by, at=MONDAY + 2 * HOUR), by)
    assign(first, None, by=desk.manager, at=MONDAY + 2 * HOUR)
    assert not may_undo(reader, operation_row(left))


def undoable(operation_id: int, by: Actor) -> None:
    """Fails where a person may not undo what they did."""
    assert may_undo(reader_of(by.user_id), operation_row(operation_id))


def test_taking_a_case_of_the_queue_is_undone_by_who_took_it(app, employ, case) -> None:
    everything = {"cases:see": "all", "cases:edit": "all", "cases:assign": "all"}
    employ("sales2", {**everything, "customers:see": "own"})
    with app.app_context():
        reader = reader_of(person_id("sales2"))
        taken = take(case["id"], by=reader.actor, at=clock.now())
        assert may_undo(reader, operation_row(taken))


def test_who_mentions_somebody_that_cannot_open_the_case_is_told(
    app, sign_in, people, case
) -> None:
    client = sign_in("support")
    note = {"direction": "note", "content": "@sales2 @manager what do you think?"}
    answer = client.post(
        "/cases/K0001/messages",
        data={**note, "csrf_token": csrf_token(client, "/profile")},
        follow_redirects=True,
    )
    assert "cannot open this case and was not told" in answer.text
    assert "what do you think?" in answer.text
    assert "You are mentioned" not in sign_in("sales2").get("/notifications").text
    assert "You are mentioned" in sign_in("manager").get("/notifications").text
    with app.app_context():
        join(case["id"], people("sales2"), "other", by=Actor("command", "x"), at=clock.now())
    sent(client, "/cases/K0001/messages", direction="note", content="@sales2 and now?")
    assert "You are mentioned" in sign_in("sales2").get("/notifications").text
