"""Tasks are planned for a day or a moment, move with all that belongs to them, and come again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.accounts.operations import disable_user
from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.followups.operations import (
    InteractionDraft,
    TaskDraft,
    close,
    drop_task,
    finish_task,
    log_interaction,
    move_task,
    plan,
    replan,
    update_task,
)
from crmlite.rules.repeating import Repeat
from crmlite.settings.operations import change_settings
from crmlite.testing import person_id
from crmlite.work import operation, undo
from tests.followups.tasks import NOON, all_tasks, person, planned, stored

LATE_EVENING = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight of the 3rd in Shanghai


@operation("task_tried")
def tried(work, *, by, at):
    """What another room does inside an operation of its own."""
    return work()


def test_other_rooms_plan_move_and_close_inside_their_operations(inside: Flask, customer):
    by, more = person("support"), {"by": person("support"), "at": NOON}
    reason = {"code": "case-update", "params": {"case": 7}}
    draft = TaskDraft(kind="case", what="Report", due_at=LATE_EVENING, reason=reason)
    task_id = tried(lambda: plan(customer["id"], draft, **more), **more)
    row = stored(task_id)
    assert (row["kind"], row["due_on"], row["due_at"]) == ("case", date(2026, 3, 3), LATE_EVENING)
    assert (row["assignee_id"], row["reason"]) == (by.user_id, reason)
    later = LATE_EVENING + timedelta(days=1)
    assert tried(lambda: replan(task_id, {"due_at": later}, **more), **more) is True
    assert stored(task_id)["due_on"] == date(2026, 3, 4)
    assert tried(lambda: close(task_id, "done", outcome="Reported", **more), **more) is True
    assert tried(lambda: close(task_id, "done", **more), **more) is False
    assert tried(lambda: replan(task_id, {"due_on": date(2026, 4, 1)}, **more), **more) is False
    row = stored(task_id)
    assert (row["status"], row["outcome"], row["due_on"]) == (
        "done", "Reported", date(2026, 3, 4),
    )  # fmt: skip


def test_what_a_case_asks_for_is_no_next_step_of_the_customer(inside: Flask, customer):
    planned(customer, kind="case", due_on=date(2026, 3, 1))
    planned(customer, what="Second", due_on=date(2026, 3, 2))
    planned(customer, what="First", kind="promise", due_at=NOON)
    table = Facts.__table__
    [found] = database.session.execute(select(table.c.next_step)).scalars()
    assert found == "First"


DAY = timedelta(days=1)
MOVES: list[tuple[dict, int, datetime | None, datetime]] = [
    # the moment keeps its time on the wall, the reminder its distance in days
    ({"due_on": date(2026, 3, 9)}, 9, NOON + 7 * DAY, NOON + 6 * DAY),
    ({"due_on": date(2026, 3, 9), "due_at": None}, 9, None, NOON + 6 * DAY),
    ({"due_at": NOON + DAY}, 3, NOON + DAY, NOON),
    ({"what": "Write"}, 2, NOON, NOON - DAY),
]


def test_day_moment_and_reminder_move_together(inside: Flask, customer):
    for change, day, at, remind_at in MOVES:
        task_id = planned(customer, due_at=NOON, remind_at=NOON - DAY)
        update_task(task_id, change, by=person("sales"), at=NOON)
        row = stored(task_id)
        assert (row["due_on"].day, row["due_at"], row["remind_at"]) == (day, at, remind_at)


def test_a_moment_moves_over_the_change_of_clocks_at_the_same_time_on_the_wall(
    inside: Flask, customer
):
    change_settings({"timezone": "Europe/London"}, by=person("manager"), at=NOON)
    task_id = planned(customer, due_at=datetime(2026, 3, 27, 9, tzinfo=UTC))
    move_task(task_id, date(2026, 3, 30), by=person("sales"), at=NOON)
    assert stored(task_id)["due_at"] == datetime(2026, 3, 30, 8, tzinfo=UTC)


def monthly(since: date) -> dict:
    return Repeat(1, "months", since).stored()


@pytest.mark.parametrize("how", ["ticked", "logged"])
def test_what_comes_again_is_planned_when_it_is_done_and_gone_when_that_is_undone(
    inside: Flask, customer, how: str
):
    at = datetime(2026, 1, 31, 4, tzinfo=UTC)
    task_id = planned(
        customer, at=at, due_at=at, remind_at=at - timedelta(hours=1), repeat=monthly(at.date())
    )
    # put off once: those that follow are not
    move_task(task_id, date(2026, 2, 3), by=person("sales"), at=at)
    done_at = datetime(2026, 2, 3, 6, tzinfo=UTC)
    if how == "ticked":
        done = finish_task(task_id, by=person("sales"), at=done_at)
    else:
        draft = InteractionDraft(
            customer_id=customer["id"],
            kind="phone",
            content="Called",
            occurred_at=done_at,
            closes=(task_id,),
        )
        done = log_interaction(draft, by=person("sales"), at=done_at)["operation"]
    first, second = all_tasks()
    assert (first["status"], second["status"]) == ("done", "open")
    assert (second["due_on"], second["due_at"].isoformat()) == (
        date(2026, 2, 28), "2026-02-28T04:00:00+00:00",
    )  # fmt: skip
    assert second["remind_at"] == second["due_at"] - timedelta(hours=1)
    assert (second["assignee_id"], second["repeat"]["turn"]) == (first["assignee_id"], 1)
    undo(done, by=person("sales"), at=done_at)
    first, second = all_tasks()
    assert (first["status"], second["state"]) == ("open", "deleted")
    finish_task(task_id, by=person("sales"), at=done_at)
    finish_task(all_tasks()[2]["id"], by=person("sales"), at=datetime(2026, 2, 28, 6, tzinfo=UTC))
    assert all_tasks()[3]["due_on"] == date(2026, 3, 31)


def test_what_is_dropped_does_not_come_again(inside: Flask, customer):
    task_id = planned(customer, due_on=date(2026, 3, 2), repeat=monthly(date(2026, 3, 2)))
    drop_task(task_id, by=person("sales"), at=NOON)
    assert len(all_tasks()) == 1


@pytest.mark.parametrize(
    ("left", "follows"), [(("support",), "sales"), (("support", "sales"), "support")]
)
def test_what_comes_again_of_somebody_who_left_is_the_owner_s(
    inside: Flask, customer, left: tuple[str, ...], follows: str
):
    first_day = date(2026, 3, 2)
    task_id = planned(customer, who="support", due_on=first_day, repeat=monthly(first_day))
    for login in left:
        disable_user(person_id(login), by=person("manager"), at=NOON)
    finish_task(task_id, by=person("manager"), at=NOON)
    assert [task["assignee_id"] for task in all_tasks()] == [
        person_id("support"),
        person_id(follows),  # where nobody stands in, a hand-over takes it along
    ]
