"""The end of each contract is spoken of in time: once, on the day that moves with it, by the owner."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from crmlite import clock
from crmlite.customers.operations import update_customer
from crmlite.followups.operations import finish_task
from crmlite.rules.strategies import Around
from crmlite.settings.queries import local_day
from crmlite.strategies import queries
from crmlite.testing import person_id
from crmlite.work.actors import command_line
from tests.strategies.test_planner import customer, made, states, tasks

RENEWAL = "renewal"


def days(app: Flask, number: int) -> date:
    """So many days from today."""
    with app.app_context():
        return local_day(clock.now()) + timedelta(days=number)


def change(app: Flask, customer_id: int, **values: Any) -> None:
    with app.app_context():
        update_customer(customer_id, values, by=command_line(), at=clock.now())
    made(app, customer_id)


@pytest.mark.parametrize("lifecycle", ["potential", "interested", "active", "dormant", "lost"])
def test_every_customer_with_a_contract_has_the_reminder(app: Flask, lifecycle: str) -> None:
    one = customer(app, contract_ends_on=days(app, 60), tier=None)
    change(app, one, lifecycle=lifecycle)
    task = tasks(app, one)[RENEWAL]
    due = days(app, 30)
    assert due - timedelta(days=10) <= task["due_on"] <= due  # never on a day off
    with app.app_context():
        assert task["assignee_id"] == person_id("sales")


def test_it_moves_with_the_date_and_goes_with_it(app: Flask) -> None:
    one = customer(app, contract_ends_on=days(app, 60))
    made(app, one)
    first = tasks(app, one)[RENEWAL]
    change(app, one, contract_ends_on=days(app, 70))
    moved = tasks(app, one)[RENEWAL]
    assert moved["due_on"] > first["due_on"]
    change(app, one, contract_ends_on=None)
    assert RENEWAL not in tasks(app, one)
    assert states(app, one)[RENEWAL][-1] == "withdrawn"


def test_it_is_said_once_for_each_end(app: Flask) -> None:
    one = customer(app, contract_ends_on=days(app, 40))
    made(app, one)
    with app.app_context():
        task_id = tasks(app, one)[RENEWAL]["id"]
        finish_task(task_id, by=command_line(), at=clock.now())
    for _ in range(2):
        made(app, one)
    assert RENEWAL not in tasks(app, one)
    change(app, one, contract_ends_on=days(app, 65))  # renewed: its end is another one
    assert RENEWAL in tasks(app, one)


def test_how_many_days_before_is_the_managers(app: Flask) -> None:
    """The shipped strategy says 30; a manager changes its touch as that of any other strategy."""
    with app.app_context():
        [row] = [one for one in queries.strategies() if one["key"] == "contract_end"]
        declared = queries.declared_of(row)
        assert declared is not None and declared.touches[0].cadence == Around(
            -30, "contract_ends_on"
        )
        assert queries.is_followed(row)
