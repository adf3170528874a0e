"""What people take back is taken back in the plan: a task ticked by mistake, a contact that never was, a
customer deleted and restored, a strategy switched off and on."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.customers.operations import delete_customer
from crmlite.extensions import database
from crmlite.followups.models import Interaction
from crmlite.followups.operations import delete_interaction, finish_task
from crmlite.history.operations import restore_record
from crmlite.settings.queries import local_day
from crmlite.strategies.models import Followed, PausedStrategy, Strategy
from crmlite.strategies.operations import switch_strategy
from crmlite.strategies.planner.following import RESUMES
from crmlite.work import undo
from crmlite.work.actors import command_line
from tests.strategies.test_planner import (
    NOTHING,
    TASKS,
    TOUCHES,
    customer,
    made,
    states,
    talk,
    tasks,
)

FOLLOWED, PAUSED = Followed.__table__, PausedStrategy.__table__


def test_a_task_that_is_not_done_after_all_is_planned_again_and_none_beside_it(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    call = tasks(app, one)["call"]
    with app.app_context():
        done = finish_task(call["id"], by=command_line(), at=clock.now())
    made(app, one)
    assert states(app, one)["call"] == ["done", "open"]
    with app.app_context():
        undo(done, by=command_line(), at=clock.now())
    assert made(app, one)["taken_back"] == 2
    assert states(app, one)["call"] == ["open", "withdrawn"]
    assert tasks(app, one)["call"]["id"] == call["id"]
    assert tasks(app, one)["call"]["due_on"] == call["due_on"]
    assert open_calls(app, one, call["what"]) == 1
    assert made(app, one) == NOTHING


def open_calls(app: Flask, customer_id: int, what: str) -> int:
    """How many open tasks of these words there are."""
    with app.app_context():
        wanted = select(TASKS.c.id).where(
            TASKS.c.customer_id == customer_id, TASKS.c.what == what, TASKS.c.status == "open"
        )
        return len(database.session.execute(wanted).all())


def test_what_a_contact_did_is_not_done_once_the_contact_is_gone(app: Flask) -> None:
    one = customer(app, tier="core")
    talk(app, one, "phone", days=60)
    made(app, one)
    due = tasks(app, one)["call"]
    talk(app, one, "phone")
    made(app, one)
    assert states(app, one)["call"] == ["done", "open"]
    assert tasks(app, one)["call"]["due_on"] > due["due_on"]
    with app.app_context():
        latest = select(Interaction.id).order_by(Interaction.id.desc()).limit(1)
        talked = database.session.execute(latest).scalar_one()
        delete_interaction(talked, by=command_line(), at=clock.now())
    assert made(app, one)["taken_back"] == 1
    assert states(app, one)["call"] == ["withdrawn", "open"]
    assert tasks(app, one)["call"]["due_on"] == due["due_on"]
    assert made(app, one) == NOTHING


def test_a_later_contact_by_another_way_leaves_done_what_was(app: Flask) -> None:
    one = customer(app, tier="core")
    talk(app, one, "phone", days=60)
    made(app, one)
    talk(app, one, "phone", days=1)
    made(app, one)
    talk(app, one, "phone")  # too early for the next one, and the last by phone now
    made(app, one)
    assert states(app, one)["call"] == ["done", "open"]
    assert made(app, one) == NOTHING


def test_what_was_done_yesterday_and_ticked_today_was_done_yesterday(app: Flask) -> None:
    one = customer(app, tier="core")
    talk(app, one, "phone", days=60)
    made(app, one)
    call = tasks(app, one)["call"]
    talk(app, one, "phone", days=1)
    with app.app_context():
        finish_task(call["id"], by=command_line(), at=clock.now())
        yesterday = local_day(clock.now() - timedelta(days=1))
    made(app, one)
    with app.app_context():
        wanted = select(TOUCHES.c.ended_on).where(TOUCHES.c.task_id == call["id"])
        assert database.session.execute(wanted).scalar_one() == yesterday
        wanted = select(TOUCHES.c.since_on).where(
            TOUCHES.c.customer_id == one, TOUCHES.c.touch == "call", TOUCHES.c.state == "open"
        )
        assert database.session.execute(wanted).scalar_one() == yesterday


def test_a_customer_deleted_and_restored_loses_no_day_of_its_plan(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    begun_before(app, one, 20)
    made(app, one)
    before = days(app, one)
    with app.app_context():
        delete_customer(one, by=command_line(), at=clock.now())
    made(app, one)
    assert tasks(app, one) == {}
    with app.app_context():
        restore_record("customer", one, by=command_line(), at=clock.now())
    made(app, one)
    assert days(app, one) == before
    assert made(app, one) == NOTHING


def test_a_strategy_switched_off_goes_on_where_it_was_unless_it_rested_for_long(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    begun_before(app, one, 20)
    made(app, one)
    before = days(app, one)
    switch(app, on=False)
    made(app, one)
    switch(app, on=True)
    made(app, one)
    assert days(app, one) == before
    switch(app, on=False)
    made(app, one)
    with app.app_context():
        long_ago = local_day(clock.now()) - RESUMES - timedelta(days=1)
        database.session.execute(update(PAUSED).values(ended_on=long_ago))
        database.session.commit()
    switch(app, on=True)
    made(app, one)
    assert days(app, one) != before
    with app.app_context():
        begun = select(FOLLOWED.c.begun_on).where(FOLLOWED.c.customer_id == one)
        assert local_day(clock.now()) in set(database.session.execute(begun).scalars())
        assert database.session.execute(select(PAUSED)).all() == []


def begun_before(app: Flask, customer_id: int, ago: int) -> None:
    """As if the strategies had begun to serve a customer so many days earlier."""
    with app.app_context():
        day = local_day(clock.now()) - timedelta(days=ago)
        mine = FOLLOWED.c.customer_id == customer_id
        database.session.execute(update(FOLLOWED).where(mine).values(begun_on=day))
        database.session.commit()


def days(app: Flask, customer_id: int) -> dict[str, date]:
    """On which day each touch is to be done."""
    return {touch: row["due_on"] for touch, row in tasks(app, customer_id).items()}


def switch(app: Flask, *, on: bool) -> None:
    """Switch the strategy of core customers on or off."""
    with app.app_context():
        wanted = select(Strategy.__table__.c.id).where(Strategy.__table__.c.key == "core")
        core = int(database.session.execute(wanted).scalar_one())
        switch_strategy(core, on=on, by=command_line(), at=clock.now())
