"""Open next steps go along to whoever looks after the customer."""

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.operations import change_many, update_customer
from crmlite.customers.operations.bulk import BulkChange
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import (
    TaskDraft,
    add_task,
    finish_task,
)
from crmlite.history.operations import restore_value
from crmlite.testing import person_id
from crmlite.work import Actor, undo
from crmlite.work.ledger import ChangeRow


def manager() -> Actor:
    return Actor("person", "manager", person_id("manager"))


def add(customer, who: str, what: str = "Call") -> int:
    step = TaskDraft(what=what, due_on=clock.now().date(), assignee_id=person_id(who))
    return add_task(customer["id"], step, by=manager(), at=clock.now())["id"]


def row(task_id: int):
    database.session.rollback()
    table = Task.__table__
    return database.session.execute(select(table).where(table.c.id == task_id)).mappings().one()


def whose(*task_ids: int) -> list[str]:
    logins = {person_id(login): login for login in ("sales", "sales2", "support")}
    return [logins[row(task_id)["assignee_id"]] for task_id in task_ids]


def give(customer, who: str) -> int:
    values = {"owner_id": person_id(who)}
    return update_customer(customer["id"], values, by=manager(), at=clock.now())


@pytest.mark.parametrize("together", [False, True])
def test_open_steps_go_along_to_the_new_owner_and_back(inside: Flask, customer, together):
    open_one, helpers, closed = (
        add(customer, "sales"),
        add(customer, "support"),
        add(customer, "sales"),
    )
    finish_task(closed, by=manager(), at=clock.now())
    if together:
        change = BulkChange(values={"owner_id": person_id("sales2")})
        given = change_many([customer["id"]], change, by=manager(), at=clock.now()).operation
    else:
        given = give(customer, "sales2")
    assert whose(open_one, helpers, closed) == ["sales2", "support", "sales"]
    undo(given, by=manager(), at=clock.now())
    assert whose(open_one, helpers, closed) == ["sales", "support", "sales"]


def test_an_undo_leaves_who_had_a_step_before_and_takes_along_what_came_since(
    inside: Flask, customer
):
    theirs = add(customer, "sales2")
    given = give(customer, "sales2")
    since = add(customer, "sales2", "Since")
    undo(given, by=manager(), at=clock.now())
    assert whose(theirs, since) == ["sales2", "sales"]


def test_a_restored_owner_gets_the_open_steps(inside: Flask, customer):
    give(customer, "sales2")
    task_id = add(customer, "sales2")
    table = ChangeRow.__table__
    change = select(table.c.id).where(table.c.record_type == "customer", table.c.verb == "update")
    change_id = database.session.execute(change).scalar_one()
    restore_value(change_id, "owner_id", by=manager(), at=clock.now())
    assert whose(task_id) == ["sales"]
