"""The queue: in with the change that makes it necessary, out to one worker at a time."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from crmlite import clock
from crmlite.extensions import database
from crmlite.jobs import JobKind, Lease, LeaseLost, enqueue, enqueue_once, queue
from crmlite.jobs.kinds import UnknownKind
from crmlite.jobs.queue import MOST_ATTEMPTS
from crmlite.work import operation
from crmlite.work.actors import command_line
from crmlite.work.aside import aside
from tests.jobs.workshop import act, bring, rows, wanted

BY = command_line()


@pytest.fixture
def workshop(app):
    """An application that knows the work `act` and the long work `dig`."""
    bring(
        app,
        JobKind(name="act", label="Act", run=act),
        JobKind(name="dig", label="Dig", run=act, long=True, lease=timedelta(seconds=30)),
    )
    return app


def claimed(app, owner="me", at=None):
    """What a worker gets from the queue."""
    with app.app_context():
        return queue.claim(owner, at or clock.now())


def failed(app, claim, at):
    with app.app_context():
        queue.fail(claim, "no", at)


def test_a_job_is_in_the_transaction_that_makes_it_necessary(workshop):
    @operation("test_failed")
    def breaks(*, by, at):
        enqueue("act", {"name": "a"})
        raise KeyError("later")

    with workshop.app_context(), pytest.raises(KeyError):
        breaks(by=BY, at=clock.now())
    assert rows(workshop) == []


def test_outside_an_operation_nothing_is_put_in(workshop):
    with workshop.app_context(), pytest.raises(RuntimeError):
        enqueue("act", {"name": "a"})


def test_work_that_nobody_knows_is_refused(workshop):
    with pytest.raises(UnknownKind):
        wanted(workshop, "make-coffee", "a")


def test_the_same_key_is_one_job_also_after_it_is_done(workshop):
    first = wanted(workshop, "act", "a", key="only-")
    assert first[0]
    assert wanted(workshop, "act", "a", key="only-") == [None]
    assert len(rows(workshop)) == 1


@operation("test_arranged")
def arrange(*names, by, at, then=None):
    for name in names:
        enqueue_once("act", {"name": name})
    if then is not None:
        then()


def test_what_waits_to_begin_is_not_asked_for_again(workshop):
    with workshop.app_context():
        arrange("a", "a", by=BY, at=clock.now())
        arrange("a", "b", by=BY, at=clock.now())
        assert len(rows(workshop)) == 2
        begun = claimed(workshop)
        arrange("a", "b", by=BY, at=clock.now())
    assert begun.payload == {"name": "a"}
    assert [claimed(workshop).payload["name"] for _waiting in range(2)] == ["b", "a"]
    assert claimed(workshop) is None


def test_what_waits_does_not_begin_before_the_change_that_counts_on_it_is_made(workshop):
    seen = []

    def take():
        if claimed(workshop):
            seen.append("begun")

    worker = threading.Thread(target=take)

    def meanwhile():
        worker.start()
        worker.join(0.5)

    with workshop.app_context():
        arrange("a", by=BY, at=clock.now())
        arrange("a", by=BY, at=clock.now(), then=meanwhile)
        seen.append("made")
    worker.join()
    assert seen[0] == "made" and len(rows(workshop)) == 1


def test_who_waited_longest_is_first(workshop):
    now = clock.now()
    wanted(workshop, "act", "late", run_at=now - timedelta(minutes=1))
    wanted(workshop, "act", "early", run_at=now - timedelta(minutes=2))
    assert [claimed(workshop).payload["name"] for _ in range(2)] == ["early", "late"]
    assert claimed(workshop) is None


def test_what_is_for_later_waits(workshop):
    later = clock.now() + timedelta(hours=1)
    wanted(workshop, "act", "a", run_at=later)
    assert claimed(workshop) is None
    assert claimed(workshop, at=later)


def test_one_job_goes_to_one_worker(workshop):
    wanted(workshop, "act", "a")
    assert claimed(workshop, "one")
    assert claimed(workshop, "two") is None


def test_a_lease_that_ran_out_lets_another_worker_take_over_and_the_first_loses(workshop):
    wanted(workshop, "act", "a")
    first = claimed(workshop, "one")
    later = clock.now() + timedelta(minutes=3)
    second = claimed(workshop, "two", at=later)
    assert second.id == first.id
    assert second.attempts == 2
    with workshop.app_context():
        with pytest.raises(LeaseLost):
            _finish(first, by=BY, at=later)
        _finish(second, by=BY, at=later)
    assert rows(workshop)[0]["state"] == "done"


@operation("test_finished")
def _finish(claim, *, by, at):
    queue.finish(claim, at)


def test_the_same_worker_may_not_finish_an_attempt_that_it_lost_to_itself(workshop):
    wanted(workshop, "act", "a")
    first = claimed(workshop, "one")
    second = claimed(workshop, "one", at=clock.now() + timedelta(minutes=3))
    assert second.attempts == 2
    with workshop.app_context(), pytest.raises(LeaseLost):
        _finish(first, by=BY, at=clock.now())


def test_each_kind_says_how_long_it_may_take(workshop):
    now = clock.now()
    wanted(workshop, "act", "a")
    wanted(workshop, "dig", "b")
    claimed(workshop, at=clock.now())
    claimed(workshop, at=clock.now())
    with workshop.app_context():
        ends = dict(database.session.execute(text("SELECT kind, lease_until FROM job")).all())
    assert set(ends) == {"act", "dig"}
    assert ends["dig"] < ends["act"]
    assert now


def test_a_renewed_lease_keeps_others_away_inside_an_operation_and_outside(workshop):
    wanted(workshop, "dig", "a")
    mine = claimed(workshop)
    with workshop.app_context():
        Lease(mine).renew()

        @operation("test_batch")
        def batch(*, by, at):
            Lease(mine).renew()

        batch(by=BY, at=clock.now())
    assert claimed(workshop, "other") is None
    other = claimed(workshop, "other", at=clock.now() + timedelta(minutes=1))
    assert other
    with workshop.app_context(), pytest.raises(LeaseLost):
        Lease(mine).renew()


def test_a_failed_job_waits_longer_each_time_and_is_parked_after_five_attempts(workshop):
    wanted(workshop, "act", "a")
    at = clock.now()
    for seconds in (10, 60, 300, 1800):
        wait = timedelta(seconds=seconds)
        mine = claimed(workshop, at=at)
        failed(workshop, mine, at)
        assert rows(workshop)[0]["state"] == "ready"
        assert claimed(workshop, at=at + wait - timedelta(seconds=1)) is None
        at += wait
    mine = claimed(workshop, at=at)
    assert mine.attempts == MOST_ATTEMPTS
    failed(workshop, mine, at)
    assert rows(workshop)[0]["state"] == "parked"
    assert claimed(workshop, at=at + timedelta(days=9)) is None


def test_a_job_that_kills_its_workers_is_not_tried_for_ever(workshop):
    wanted(workshop, "act", "a")
    at = clock.now()
    for _ in range(MOST_ATTEMPTS):
        assert claimed(workshop, at=at)
        at += timedelta(minutes=3)
    assert claimed(workshop, at=at) is None
    with workshop.app_context(), aside() as connection:
        queue.park_deserted(connection, at)
    assert rows(workshop)[0]["state"] == "parked"
    assert "stopped in the middle" in rows(workshop)[0]["last_error"]


def test_work_of_a_pack_that_is_gone_waits(workshop):
    wanted(workshop, "act", "a")
    with workshop.app_context(), aside() as connection:
        connection.execute(text("UPDATE job SET kind = 'gone-pack'"))
    assert claimed(workshop) is None
