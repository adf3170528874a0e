"""Recurring work: always one slot in the queue, none done twice, none forgotten while asleep."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from crmlite.jobs import EVERY, JobKind, queue, timetable
from crmlite.jobs.queue import MOST_ATTEMPTS
from crmlite.jobs.worker import Worker
from tests.jobs.workshop import act, bring, effects, leave_effect, make_room, rows
from tests.work.at_once import at_once

START = datetime(2026, 11, 25, 2, 0, 30, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def hall(app):
    """An application with work every quarter of an hour, of both sorts."""
    bring(
        app,
        JobKind(name="latest", label="Latest", run=act, every=QUARTER),
        JobKind(name="each", label="Each", run=act, every=QUARTER, catch_up=EVERY),
    )
    make_room(app)
    return app


def slots(app, kind, *states):
    return [
        row["key"]
        for row in rows(app)
        if row["kind"] == kind and (not states or row["state"] in states)
    ]


def done(app, kind):
    return slots(app, kind, "done")


def work(app):
    """Do everything that is due, as a worker that starts now."""
    worker = Worker(app)
    while worker.step():
        pass


def test_every_recurring_kind_has_its_next_slot_from_the_start(hall):
    with time_machine.travel(START, tick=False):
        work(hall)
    assert slots(hall, "each", "ready") == ["each:2026-11-25T02:15:00+00:00"]
    assert len(slots(hall, "latest", "ready")) == 1
    assert effects(hall) == []


def test_a_clock_that_ran_ahead_keeps_no_work_waiting(hall):
    with time_machine.travel(START + timedelta(days=400), tick=False):
        work(hall)
    with time_machine.travel(START, tick=False):
        work(hall)
        assert slots(hall, "latest", "ready") == ["latest:2026-11-25T02:15:00+00:00"]
        assert slots(hall, "each", "ready") == ["each:2026-11-25T02:15:00+00:00"]
    with time_machine.travel(START + QUARTER, tick=False):
        work(hall)
    assert done(hall, "latest") == ["latest:2026-11-25T02:15:00+00:00"]


def test_any_number_of_planners_make_one_slot(hall):
    with time_machine.travel(START, tick=False), hall.app_context():
        for _ in range(3):
            timetable.plan(START)
    assert len(slots(hall, "each")) == 1


def test_a_slot_is_done_once_and_followed_by_the_next(hall):
    with time_machine.travel(START, tick=False) as clock:
        work(hall)
        for _ in range(3):
            clock.shift(QUARTER)
            work(hall)
            work(hall)  # another start at the same moment does nothing again
    assert done(hall, "each") == [
        f"each:2026-11-25T02:{minute}:00+00:00" for minute in ("15", "30", "45")
    ]
    assert len(effects(hall)) == 6
    assert len(set(effects(hall))) == 3


def test_after_a_sleep_the_latest_is_run_once_and_each_missed_one_where_it_matters(hall):
    with time_machine.travel(START, tick=False) as clock:
        work(hall)
        clock.shift(timedelta(hours=3))
        work(hall)
    assert len(done(hall, "latest")) == 1
    assert len(done(hall, "each")) == 12
    assert done(hall, "each")[-1] == "each:2026-11-25T05:00:00+00:00"
    assert slots(hall, "each", "ready") == ["each:2026-11-25T05:15:00+00:00"]
    assert slots(hall, "latest", "ready") == ["latest:2026-11-25T05:15:00+00:00"]


def test_nightly_work_missed_for_days_is_made_up_once_in_the_morning(app):
    bring(app, JobKind(name="nightly", label="Nightly", run=act, daily_at=time(3)))
    make_room(app)
    with time_machine.travel(START, tick=False) as clock:
        work(app)
        clock.shift(timedelta(days=4))
        work(app)
        assert len(done(app, "nightly")) == 1
        work(app)
        assert len(done(app, "nightly")) == 1
        clock.shift(timedelta(days=1))
        work(app)
        assert len(done(app, "nightly")) == 2


def test_a_clock_set_back_does_nothing_twice(hall):
    with time_machine.travel(START, tick=False) as clock:
        work(hall)
        for _ in range(3):
            clock.shift(QUARTER)
            work(hall)
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            work(hall)
            clock.shift(QUARTER)
    keys = [row["key"] for row in rows(hall) if row["kind"] == "latest"]
    assert len(keys) == len(set(keys))
    assert len(done(hall, "latest")) == 3


def test_a_slot_whose_workers_die_each_time_is_parked_and_followed_by_the_next(hall):
    with hall.app_context():
        timetable.plan(START)
        mine = [row["id"] for row in rows(hall) if row["kind"] in ("latest", "each")]
        for attempt in range(1, MOST_ATTEMPTS + 1):
            assert all(queue.claim("me", START + attempt * QUARTER, only=one) for one in mine)
        timetable.plan(START + (MOST_ATTEMPTS + 1) * QUARTER)
    for kind in ("latest", "each"):
        assert len(slots(hall, kind, "parked")) == len(slots(hall, kind, "ready")) == 1


def test_a_slot_that_is_parked_does_not_stop_the_next_ones(app):
    def fail(_payload, *, by, at):
        raise RuntimeError

    bring(app, JobKind(name="broken", label="Broken", run=fail, every=QUARTER))
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(12):
            work(app)
            clock.shift(QUARTER)
        work(app)
    assert slots(app, "broken", "parked")
    assert slots(app, "broken", "ready")


@pytest.fixture
def heap(app):
    """An application with work that piles up: names that wait to be done, or make it fail."""
    names = []

    def clear_away(_payload, *, by, at):
        if "bad" in names:
            raise ValueError
        leave_effect("+".join(names))
        names.clear()

    def broken():
        raise ValueError

    bring(
        app,
        JobKind(name="broken", label="Broken", run=act, pending=broken),
        JobKind(name="clear", label="Clear", run=clear_away, pending=lambda: bool(names)),
    )
    make_room(app)
    return app, names


def look(app, at=START):
    with app.app_context():
        timetable.put_pending(at)
    return slots(app, "clear")


def test_work_that_piles_up_is_one_job_while_there_is_some(heap):
    app, names = heap
    work(app)
    assert slots(app, "clear") == []
    for pile in (["a", "b"], ["c"]):
        names += pile
        work(app)
        work(app)
    assert effects(app) == ["a+b", "c"]
    assert len(done(app, "clear")) == 2


def test_work_that_piles_up_gets_no_second_job_while_one_waits_or_runs(heap):
    app, names = heap
    names.append("a")
    assert len(look(app)) == 1 and len(look(app)) == 1
    with app.app_context():
        queue.claim("another", START)
    assert len(look(app)) == 1


def test_after_one_that_failed_for_good_it_rests_for_an_hour(heap):
    app, names = heap
    names.append("bad")
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(MOST_ATTEMPTS):
            work(app)
            clock.shift(timedelta(minutes=31))
        parked = START + timedelta(minutes=31) * (MOST_ATTEMPTS - 1)
        assert len(slots(app, "clear", "parked")) == 1
        assert len(look(app, parked + timedelta(minutes=59))) == 1
        names[:] = ["good"]
        clock.shift(timedelta(minutes=61))
        work(app)
    assert effects(app) == ["good"]


def test_any_number_of_workers_find_one_job(heap):
    app, names = heap
    names.append("a")
    assert at_once(app, lambda _number: timetable.put_pending(START), 3) == []
    assert len(slots(app, "clear")) == 1


def test_work_piles_up_or_has_a_timetable():
    with pytest.raises(ValueError, match="exclude each other"):
        JobKind(name="both", label="Both", run=act, every=QUARTER, pending=lambda: True)
