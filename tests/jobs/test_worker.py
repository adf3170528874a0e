"""The worker as others see it: signs of life, patience, and hands off a book that does not fit."""

from datetime import timedelta

import time_machine
from sqlalchemy import text

from crmlite import clock
from crmlite.jobs import JobKind, queue, signs
from crmlite.jobs.worker import Worker
from tests.jobs.workshop import act, bring, effects, make_room, outside, wanted


def seen(app):
    with app.app_context():
        return signs.workers(clock.now())


def test_a_worker_is_seen_and_takes_its_leave(app):
    worker = Worker(app)
    assert seen(app) == []
    worker.step()
    assert [(found.pid, found.alive) for found in seen(app)] == [(worker.identity.pid, True)]
    worker._leave()
    assert seen(app) == []


def test_a_silent_worker_counts_as_dead_after_a_minute_and_is_forgotten_after_an_hour(app):
    Worker(app).step()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert [found.alive for found in seen(app)] == [False]
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        Worker(app).step()
        assert [found.alive for found in seen(app)] == [True]


def test_a_worker_that_is_busy_for_long_counts_as_alive(app):
    bring(app, JobKind(name="act", label="Act", run=act, lease=timedelta(hours=1)))
    worker = Worker(app)
    worker.step()
    wanted(app, "act", "a")
    with app.app_context():
        queue.claim(worker.identity.owner, clock.now())
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert [found.alive for found in seen(app)] == [True]


def test_a_worker_touches_nothing_in_a_book_of_another_version(app, monkeypatch):
    monkeypatch.setattr("crmlite.jobs.worker.TROUBLE", 0.0)
    bring(app, JobKind(name="act", label="Act", run=act))
    make_room(app)
    wanted(app, "act", "a")
    with outside(app) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'zzzz'"))
    worker = Worker(app)
    assert not worker.step()
    assert effects(app) == []
    assert seen(app) == []


def test_a_worker_ends_with_the_process_that_it_belongs_to(app, monkeypatch):
    monkeypatch.setattr("signal.signal", lambda *_: None)
    worker = Worker(app, parent=1_000_000_000)
    worker.run()
    assert seen(app) == []


def test_trouble_does_not_end_the_worker(app, monkeypatch):
    monkeypatch.setattr("crmlite.jobs.worker.TROUBLE", 0.0)
    worker = Worker(app, pause=0.0)
    steps = []

    def step():
        steps.append(1)
        if len(steps) == 3:
            worker.stop()
        raise RuntimeError("the database is away")

    monkeypatch.setattr(worker, "step", step)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    worker.run()
    assert len(steps) == 3
