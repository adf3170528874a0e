"""The planner: each touch a task, for the right person, moved by contacts, and nothing twice."""

import threading
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from borax.calendars.lunardate import LunarDate
from flask import Flask
from sqlalchemy import func, select

from crmlite import clock
from crmlite.app import create_app
from crmlite.customers.models import Customer
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import (
    InteractionDraft,
    drop_task,
    finish_task,
    log_interaction,
    move_task,
)
from crmlite.jobs import timetable
from crmlite.jobs.queue import claim
from crmlite.jobs.running import do
from crmlite.rules.cadence import AHEAD
from crmlite.strategies.models import Followed, PlannedTouch, Strategy
from crmlite.strategies.operations import switch_strategy
from crmlite.strategies.planner.jobs import ALL, SOON, are_due
from crmlite.strategies.planner.serving import sound_strategies
from crmlite.strategies.planner.writing import make_plans
from crmlite.testing import person_id
from crmlite.work import undo
from crmlite.work.actors import command_line, job
from tests.customers.records import add

NOTHING = dict.fromkeys(("begun", "moved", "renewed", "ended", "taken_back"), 0)
CUSTOMERS, TASKS, TOUCHES = Customer.__table__, Task.__table__, PlannedTouch.__table__


def customer(app: Flask, owner: str | None = "sales", **more: Any) -> int:
    number = add(app, owner, lifecycle="active", **more)
    with app.app_context():
        wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == number)
        return int(database.session.execute(wanted).scalar_one())


def made(app: Flask, *customer_ids: int) -> dict[str, int]:
    """Make plans; what was done."""
    with app.app_context():
        return dict(make_plans(customer_ids, by=job(SOON), at=clock.now()))


def tasks(app: Flask, customer_id: int) -> dict[str, Mapping[str, Any]]:
    """The open tasks of the plan of a customer, by touch."""
    with app.app_context():
        joined = select(TOUCHES.c.touch, TASKS).join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
        found = database.session.execute(
            joined.where(TOUCHES.c.customer_id == customer_id, TASKS.c.status == "open")
        )
        return {row["touch"]: dict(row) for row in found.mappings()}


def states(app: Flask, customer_id: int) -> dict[str, list[str]]:
    with app.app_context():
        found: dict[str, list[str]] = {}
        wanted = select(TOUCHES).where(TOUCHES.c.customer_id == customer_id)
        for row in database.session.execute(wanted.order_by(TOUCHES.c.id)).mappings():
            found.setdefault(row["touch"], []).append(row["state"])
        return found


def test_the_touches_of_the_strategy_that_serves_become_tasks(app: Flask) -> None:
    one = customer(app, tier="strategic")
    assert made(app, one)["begun"] >= 2
    there = tasks(app, one)
    assert {"visit", "review"} <= set(there)
    assert there["visit"]["channel"] == "visit" and there["visit"]["kind"] == "touch"
    with app.app_context():
        assert there["visit"]["assignee_id"] == person_id("manager")
        assert there["review"]["assignee_id"] == person_id("sales")
    assert there["visit"]["reason"]["params"]["name"]["zh"] == "战略客户经营"
    assert made(app, one) == NOTHING


def talk(app: Flask, customer_id: int, kind: str, *, answered: bool = True, days: int = 0) -> None:
    at = clock.now() - timedelta(days=days)
    with app.app_context():
        log_interaction(
            InteractionDraft(
                customer_id=customer_id,
                kind=kind,
                content="Spoke",
                occurred_at=at,
                answered=answered,
            ),
            by=command_line(),
            at=clock.now(),
        )


def test_a_call_moves_the_call_and_never_the_visit(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    before = tasks(app, one)
    talk(app, one, "phone")
    assert made(app, one)["begun"] == 0
    after = tasks(app, one)
    assert after["call"]["due_on"] >= before["call"]["due_on"]
    assert after["survey"] == before["survey"]  # a purpose of its own
    other = customer(app, tier="strategic")
    made(app, other)
    visit = tasks(app, other)["visit"]
    talk(app, other, "phone")
    made(app, other)
    assert tasks(app, other)["visit"] == visit
    talk(app, other, "visit", answered=False)  # nobody was there: no real contact
    made(app, other)
    assert tasks(app, other)["visit"] == visit


def test_a_contact_when_the_touch_is_due_does_it(app: Flask) -> None:
    one = customer(app, tier="core")
    talk(app, one, "phone", days=60)
    made(app, one)
    due = tasks(app, one)["call"]
    talk(app, one, "phone")
    assert made(app, one) == {**NOTHING, "begun": 1, "ended": 1}
    assert states(app, one)["call"] == ["done", "open"]
    fresh = tasks(app, one)["call"]
    assert fresh["id"] != due["id"] and fresh["due_on"] > due["due_on"]
    assert made(app, one) == NOTHING


def test_what_people_close_put_off_or_delete_stays_as_they_have_it(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    there = tasks(app, one)
    later = there["call"]["due_on"] + timedelta(days=1)
    with app.app_context():
        by, at = command_line(), clock.now()
        move_task(there["call"]["id"], later, by=by, at=at)
        finish_task(there["survey"]["id"], by=by, at=at)
    assert made(app, one) == {**NOTHING, "begun": 1, "ended": 1}
    assert tasks(app, one)["call"]["due_on"] == later
    assert states(app, one)["survey"] == ["done", "open"]
    with app.app_context():
        drop_task(tasks(app, one)["survey"]["id"], by=command_line(), at=clock.now())
    made(app, one)
    assert states(app, one)["survey"] == ["done", "left-out", "open"]


def test_another_tier_another_plan(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    with app.app_context():
        update_customer(one, {"tier": "strategic"}, by=command_line(), at=clock.now())
    made(app, one)
    there = tasks(app, one)
    assert {"visit", "review"} <= set(there) and "call" not in there
    assert states(app, one)["call"] == ["withdrawn"]
    with app.app_context():
        wanted = select(Strategy.__table__.c.key).join(
            Followed.__table__, Followed.__table__.c.strategy_id == Strategy.__table__.c.id
        )
        found = wanted.where(Followed.__table__.c.customer_id == one)
        assert "strategic" in set(database.session.execute(found).scalars())


def test_plans_follow_a_strategy_as_soon_as_it_is_switched_or_that_is_undone(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    key = Strategy.__table__.c.key
    with app.app_context():
        wanted = select(Strategy.__table__.c.id).where(key == "core")
        core = int(database.session.execute(wanted).scalar_one())
        off = switch_strategy(core, on=False, by=command_line(), at=clock.now())
        make_plans([one], by=job(SOON), at=clock.now())
    assert "call" not in tasks(app, one)
    with app.app_context():
        undo(off, by=command_line(), at=clock.now())
        make_plans([one], by=job(SOON), at=clock.now())
    assert "call" in tasks(app, one)


def test_what_another_process_published_since_work_was_looked_for_holds(app: Flask) -> None:
    one = customer(app, tier="core")
    made(app, one)
    other = create_app(app.extensions["crmlite.config"])
    with app.app_context():
        wanted = select(Strategy.__table__.c.id).where(Strategy.__table__.c.key == "core")
        core = int(database.session.execute(wanted).scalar_one())
        sound_strategies()
        database.session.rollback()
        with other.app_context():
            switch_strategy(core, on=False, by=command_line(), at=clock.now())
            database.session.remove()
            database.engine.dispose()
        make_plans([one], by=job(SOON), at=clock.now())
    assert "call" not in tasks(app, one)


@pytest.mark.parametrize(("owner", "lifecycle"), [(None, "active"), ("sales", "lost")])
def test_who_has_nobody_or_is_served_by_none_has_no_plan(
    app: Flask, owner: str | None, lifecycle: str
) -> None:
    number = add(app, owner, lifecycle=lifecycle, tier="normal")
    with app.app_context():
        wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == number)
        one = int(database.session.execute(wanted).scalar_one())
    assert made(app, one)["begun"] == 0 and tasks(app, one) == {}


def test_birthdays_are_remembered_lunar_ones_too(app: Flask) -> None:
    today = clock.now().date()
    there, lunar = next(
        (day, found)
        for ahead in range(10, 80)
        if not (found := LunarDate.from_solar(day := today + timedelta(days=ahead))).leap
        and found.day < 29
    )
    born = date(1964, lunar.month, lunar.day)
    one = customer(app, kind="person", industry=None, birthday=born, birthday_lunar=True)
    other = customer(app, kind="person", industry=None, birthday=born)
    made(app, one, other)
    with app.app_context():
        wanted = select(TOUCHES.c.customer_id, TOUCHES.c.anchor_on).where(
            TOUCHES.c.touch == "birthday"
        )
        found = {row.customer_id: row.anchor_on for row in database.session.execute(wanted)}
    assert found.get(one) == (there if there - timedelta(days=1) <= today + AHEAD else None)
    assert found.get(other) != there


def test_jobs_plan_who_was_changed_and_everybody(app: Flask) -> None:
    some = [customer(app, tier="core") for _ in range(3)]
    with app.app_context():
        assert are_due()
    run(app, SOON)
    with app.app_context():
        assert not are_due()
    before = {one: tasks(app, one) for one in some}
    assert all("call" in there for there in before.values())
    with app.app_context():
        core = select(Strategy.__table__.c.id).where(Strategy.__table__.c.key == "core")
        strategy_id = database.session.execute(core).scalar_one()
        switch_strategy(strategy_id, on=False, by=command_line(), at=clock.now())
    run(app, ALL)
    assert all("call" not in tasks(app, one) for one in some)
    with app.app_context():
        switch_strategy(strategy_id, on=True, by=command_line(), at=clock.now())
    run(app, ALL)
    assert all("call" in tasks(app, one) for one in some)
    with app.app_context():
        doubled = (
            select(func.count())
            .select_from(TOUCHES)
            .where(TOUCHES.c.state == "open")
            .group_by(TOUCHES.c.customer_id, TOUCHES.c.strategy_id, TOUCHES.c.touch)
            .having(func.count() > 1)
        )
        assert database.session.execute(doubled).all() == []


def run(app: Flask, kind: str) -> None:
    """Do the jobs of a kind, as the worker does."""
    with app.app_context():
        timetable.put_pending(clock.now())
        while (claimed := claim("test:1:x", clock.now())) is not None:
            assert do(claimed), claimed.kind.name


def test_two_workers_at_once_double_no_task(app: Flask) -> None:
    ids = [customer(app, tier=tier) for tier in ("core", "strategic", "normal") * 8]
    errors: list[BaseException] = []
    ready = threading.Barrier(2)

    def work(order: list[int]) -> None:
        try:
            ready.wait(timeout=30)
            for start in range(0, len(order), 4):
                made(app, *order[start : start + 4])
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    workers = [threading.Thread(target=work, args=(list(order),)) for order in (ids, ids[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert errors == []
    assert set(made(app, *ids).values()) == {0}
    with app.app_context():
        touches = select(func.count()).select_from(TOUCHES).where(TOUCHES.c.state == "open")
        of_plans = (TASKS.c.kind == "touch", TASKS.c.status == "open")
        tasks_ = select(func.count()).select_from(TASKS).where(*of_plans)
        both = [database.session.execute(one).scalar_one() for one in (touches, tasks_)]
        assert both[0] == both[1] > len(ids)
        doubled = (
            select(TASKS.c.customer_id)
            .where(*of_plans)
            .group_by(TASKS.c.customer_id, TASKS.c.what, TASKS.c.due_on)
            .having(func.count() > 1)
        )
        assert database.session.execute(doubled).all() == []
