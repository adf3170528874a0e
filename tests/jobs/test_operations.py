"""What a manager decides, and the upkeep of the queue."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from crmlite import clock
from crmlite.jobs import JobKind, operations, queue, running
from crmlite.jobs.kinds import UnknownKind
from crmlite.jobs.upkeep import remove_finished
from crmlite.jobs.worker import Worker
from crmlite.work import Gone, Refused
from crmlite.work.actors import command_line
from tests.jobs.workshop import act, bring, effects, make_room, outside, rows, wanted

HOUR = timedelta(hours=1)


@pytest.fixture
def workshop(app):
    bring(
        app,
        JobKind(name="act", label="Act", run=act),
        JobKind(name="hourly", label="Hourly", run=act, every=HOUR),
    )
    make_room(app)
    return app


def decide(app, operation, *args):
    with app.app_context():
        return operation(*args, by=command_line(), at=clock.now())


def last_operation(app):
    with outside(app) as connection:
        return connection.execute(
            text("SELECT name FROM operation ORDER BY id DESC LIMIT 1")
        ).scalar()


def parked(app):
    """A job that is parked."""
    (job_id,) = wanted(app, "act", "a")
    with outside(app) as connection:
        connection.execute(text("UPDATE job SET state = 'parked', attempts = 5, last_error = 'no'"))
    return job_id


def work(app):
    worker = Worker(app)
    while worker.step():
        pass


def test_work_that_is_asked_for_is_done_beside_its_timetable(workshop):
    work(workshop)
    decide(workshop, operations.request_run, "hourly")
    assert last_operation(workshop) == "job_requested"
    work(workshop)
    assert len(effects(workshop)) == 1
    slots = [row for row in rows(workshop) if row["kind"] == "hourly" and row["slot"]]
    assert [slot["state"] for slot in slots] == ["ready"]


def test_asking_twice_is_asking_once(workshop):
    first = decide(workshop, operations.request_run, "hourly")
    assert decide(workshop, operations.request_run, "hourly") == first
    work(workshop)
    assert len(effects(workshop)) == 1


def test_what_is_about_something_in_particular_cannot_be_asked_for(workshop):
    with pytest.raises(Refused):
        decide(workshop, operations.request_run, "act")
    with pytest.raises(UnknownKind):
        decide(workshop, operations.request_run, "make-coffee")


def test_a_parked_job_that_is_retried_gets_all_its_attempts_again(workshop):
    job_id = parked(workshop)
    decide(workshop, operations.retry, job_id)
    assert last_operation(workshop) == "job_retried"
    assert [row["attempts"] for row in rows(workshop)] == [0]
    work(workshop)
    assert effects(workshop) == ["a"]


def test_a_parked_job_that_is_dropped_is_never_done(workshop):
    job_id = parked(workshop)
    decide(workshop, operations.drop, job_id)
    assert last_operation(workshop) == "job_dropped"
    work(workshop)
    assert effects(workshop) == []


def test_what_is_running_or_done_is_neither_retried_nor_dropped(workshop):
    (job_id,) = wanted(workshop, "act", "a")
    with workshop.app_context():
        claimed = queue.claim("me", clock.now())
    for operation in (operations.retry, operations.drop):
        with pytest.raises(Gone):
            decide(workshop, operation, job_id)
    with workshop.app_context():
        running.do(claimed)
    for operation in (operations.retry, operations.drop):
        with pytest.raises(Gone):
            decide(workshop, operation, job_id)


def test_the_queue_forgets_what_was_done_long_ago_but_for_the_newest_of_each_kind(workshop):
    wanted(workshop, "act", "a", "b", "c")
    work(workshop)
    at = clock.now() + timedelta(days=4)
    with workshop.app_context():
        assert remove_finished(at, by=command_line(), at=at) == 2
        assert remove_finished(at, by=command_line(), at=at) == 0
    left = [row["payload"] for row in rows(workshop) if row["kind"] == "act"]
    assert len(left) == 1


def test_the_upkeep_runs_by_itself_every_night(workshop):
    wanted(workshop, "act", "a", "b", "c")
    work(workshop)
    with time_machine.travel(clock.now() + timedelta(days=4)):
        work(workshop)
    assert len([row for row in rows(workshop) if row["kind"] == "act"]) == 1
