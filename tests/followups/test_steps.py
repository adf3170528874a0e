"""Next steps are closed once."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import (
    InteractionDraft,
    TaskDraft,
    add_task,
    drop_task,
    finish_task,
    log_interaction,
    move_task,
)
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor


def manager() -> Actor:
    return Actor("person", "manager", person_id("manager"))


def add(customer, who: str) -> int:
    step = TaskDraft(what="Call", due_on=clock.now().date(), assignee_id=person_id(who))
    return add_task(customer["id"], step, by=manager(), at=clock.now())["id"]


def row(task_id: int):
    database.session.rollback()
    table = Task.__table__
    return database.session.execute(select(table).where(table.c.id == task_id)).mappings().one()


def test_what_was_dropped_or_done_stays_so(inside: Flask, customer):
    by, at = manager(), clock.now()
    dropped, done = add(customer, "sales"), add(customer, "sales")
    drop_task(dropped, by=by, at=at)
    finish_task(done, by=by, at=at)
    later = at + timedelta(hours=1)
    assert finish_task(dropped, by=by, at=later) == 0
    assert finish_task(done, by=by, at=later) == 0
    assert drop_task(done, by=by, at=later) == 0
    assert move_task(done, at.date() + timedelta(days=9), by=by, at=later) == 0
    draft = InteractionDraft(
        customer_id=customer["id"],
        kind="phone",
        content="Called",
        occurred_at=at,
        closes=(dropped, done),
    )
    log_interaction(draft, by=by, at=later)
    assert row(dropped)["status"] == "dropped"
    assert (row(done)["status"], row(done)["closed_at"]) == ("done", at)


def test_who_ticks_second_is_told(app: Flask, sign_in: SignIn, customer):
    with app.app_context():
        task_id = add(customer, "sales")
    client = sign_in("sales")
    form = {"csrf_token": csrf_token(client, "/today")}
    client.post(f"/steps/{task_id}/drop", data=form)
    client.get("/today")
    client.post(f"/steps/{task_id}/completion", data=form)
    assert "was done or dropped before" in client.get("/today").text


def next_step(customer) -> tuple[str, date]:
    """What stands on the customer as its next step, and on which day."""
    table = Facts.__table__
    found = select(table.c.next_step, table.c.next_step_on).where(
        table.c.customer_id == customer["id"]
    )
    return tuple(database.session.execute(found).one())


@pytest.mark.parametrize("change", ["done", "dropped", "put off"])
def test_the_next_step_of_a_customer_is_the_first_that_is_open(
    inside: Flask, customer, change: str
):
    by, at = manager(), clock.now()
    first, second, far = (at.date() + timedelta(days=days) for days in (0, 1, 9))
    for what, day in (("First", first), ("Second", second)):
        add_task(customer["id"], TaskDraft(what=what, due_on=day), by=by, at=at)
    assert next_step(customer) == ("First", first)
    table = Task.__table__
    task_id = database.session.execute(select(table.c.id).where(table.c.what == "First")).scalar()
    if change == "done":
        finish_task(task_id, by=by, at=at)
    elif change == "dropped":
        drop_task(task_id, by=by, at=at)
    else:
        move_task(task_id, far, by=by, at=at)
    assert next_step(customer) == ("Second", second)
