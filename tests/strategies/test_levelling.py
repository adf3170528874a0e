"""Plans are levelled: by tier, said so, left to people, and never past the next day."""

from datetime import UTC, datetime, time, timedelta

from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.accounts.operations import disable_user
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import move_task
from crmlite.settings.operations import change_settings
from crmlite.strategies.models import PlannedTouch
from crmlite.strategies.planner.jobs import SOON
from crmlite.strategies.planner.levelling import CAP, LEVEL, level
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line, job
from tests.strategies.test_editing import plan
from tests.strategies.test_planner import customer, run, tasks

TOUCHES = PlannedTouch.__table__


def cap(app: Flask, number: int) -> None:
    with app.app_context():
        change_settings({CAP: number}, by=command_line(), at=clock.now())


def levelled(app: Flask, login: str = "sales") -> int:
    with app.app_context():
        return level(person_id(login), by=job(LEVEL), at=clock.now())


def test_lower_tiers_give_way_and_the_page_says_so(app: Flask) -> None:
    cap(app, 1)
    some = [customer(app, tier=tier) for tier in ("normal", "strategic")]
    calls = [customer(app, tier="core") for _ in range(3)]
    plan(app, *some, *calls)
    assert levelled(app) > 0
    days = sorted(tasks(app, one)["call"]["due_on"] for one in calls)
    assert len(set(days)) == 3
    assert levelled(app) == 0
    assert set(plan(app, *some, *calls).values()) == {0}
    put_off = max(calls, key=lambda one: tasks(app, one)["call"]["due_on"])
    reason = tasks(app, put_off)["call"]["reason"]
    assert reason["params"]["levelled"] == days[0].isoformat()
    with app.app_context():
        wanted = select(TOUCHES).where(TOUCHES.c.levelled_on.is_not(None))
        for row in database.session.execute(wanted).mappings():
            assert row["planned_on"] < row["levelled_on"] < row["before_on"]
    cap(app, 0)
    levelled(app)
    assert len({tasks(app, one)["call"]["due_on"] for one in calls}) == 1
    assert tasks(app, put_off)["call"]["reason"]["params"]["levelled"] is None


def test_what_somebody_moved_stays_and_takes_room(app: Flask) -> None:
    cap(app, 1)
    calls = [customer(app, tier="core") for _ in range(3)]
    plan(app, *calls)
    first = tasks(app, calls[0])["call"]
    chosen = first["due_on"] + timedelta(days=1)
    while chosen.weekday() > 4:
        chosen += timedelta(days=1)
    with app.app_context():
        move_task(first["id"], chosen, by=command_line(), at=clock.now())
    levelled(app)
    days = [tasks(app, one)["call"]["due_on"] for one in calls]
    assert days[0] == chosen and len(set(days)) == 3


def test_what_lies_around_a_day_never_moves(app: Flask) -> None:
    cap(app, 1)
    soon = clock.now().date() + timedelta(days=40)
    some = [customer(app, tier="core", contract_ends_on=soon) for _ in range(3)]
    plan(app, *some)
    around = [
        (one, touch, row["due_on"])
        for one in some
        for touch, row in tasks(app, one).items()
        if row["reason"]["params"]["anchor"]
    ]
    assert len(around) >= 3
    levelled(app)
    for one, touch, day in around:
        assert tasks(app, one)[touch]["due_on"] == day


def test_another_cap_levels_and_so_does_the_planner(app: Flask) -> None:
    calls = [customer(app, tier="core") for _ in range(4)]
    run(app, SOON)
    assert len({tasks(app, one)["call"]["due_on"] for one in calls}) == 1
    cap(app, 2)
    run(app, LEVEL)
    assert len({tasks(app, one)["call"]["due_on"] for one in calls}) == 2
    calls.append(customer(app, tier="core"))
    run(app, SOON)
    assert len({tasks(app, one)["call"]["due_on"] for one in calls}) == 3


def test_whom_the_planner_passes_over_is_said(app: Flask, sign_in: SignIn) -> None:
    one, _other = customer(app, None, tier="core"), customer(app, "sales", tier="core")
    plan(app, one, _other)
    page = sign_in("manager").get("/strategies").text
    assert "1 customer has no owner" in page
    assert "has no owner" not in sign_in("sales").get("/strategies").text
    with app.app_context():
        disable_user(person_id("sales"), by=command_line(), at=clock.now())
    assert "who has left" in sign_in("manager").get("/strategies").text


def test_what_somebody_gave_a_time_stays(app: Flask) -> None:
    cap(app, 1)
    calls = [customer(app, tier="core") for _ in range(3)]
    plan(app, *calls)
    rows = [tasks(app, one)["call"] for one in calls]
    day = rows[0]["due_on"]
    at = datetime.combine(day, time(9), UTC)
    with app.app_context():
        database.session.execute(
            update(Task).where(Task.id == max(row["id"] for row in rows)).values(due_at=at)
        )
        database.session.commit()
    levelled(app)
    timed = next(row for one in calls if (row := tasks(app, one)["call"])["due_at"])
    assert timed["due_on"] == day
    assert len({tasks(app, one)["call"]["due_on"] for one in calls}) == 3
