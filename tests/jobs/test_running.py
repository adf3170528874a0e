"""One job: done whole with the note that it is done, or not at all; and what is said of failures."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from crmlite import clock
from crmlite.extensions import database
from crmlite.jobs import JobKind, queue, running
from crmlite.jobs.running import JobFailed, described
from crmlite.work import actors, operation
from tests.jobs.workshop import act, bring, effects, leave_effect, make_room, rows, wanted


def done(app, kind):
    """Have one job of a kind done; whether it went well."""
    bring(app, kind)
    make_room(app)
    wanted(app, kind.name, "a")
    return again(app)


def again(app, at=None):
    with app.app_context():
        claimed = queue.claim("me", at or clock.now())
        return running.do(claimed)


def test_a_job_leaves_its_effect_and_is_done(app):
    assert done(app, JobKind(name="act", label="Act", run=act))
    assert effects(app) == ["a"]
    assert rows(app)[0]["state"] == "done"
    assert rows(app)[0]["finished_at"]


def test_the_job_stands_in_the_ledger_when_it_changed_something(app):
    def change(_payload, *, by, at):
        assert by == actors.job("change")
        leave_effect("b")
        rename(by=by, at=at)

    @operation("team_renamed")
    def rename(*, by, at):
        from crmlite.accounts.models import Team
        from crmlite.work import records

        records.update(Team, 1, {"label": {"en": "New", "zh": "新"}})

    assert done(app, JobKind(name="change", label="Change", run=change))
    with app.app_context():
        last = text(
            "SELECT a.kind, a.name FROM operation o JOIN actor a ON a.id = o.actor_id "
            "ORDER BY o.id DESC LIMIT 1"
        )
        assert database.session.execute(last).one() == ("job", "change")


def test_nothing_of_a_failed_attempt_is_kept(app):
    def half(payload, *, by, at):
        act(payload, by=by, at=at)
        raise RuntimeError("no")

    assert not done(app, JobKind(name="half", label="Half", run=half))
    assert effects(app) == []
    assert rows(app)[0]["state"] == "ready"
    assert rows(app)[0]["last_error"].startswith("RuntimeError (test_running.py:")


def test_a_worker_that_lost_its_job_keeps_nothing_of_it(app):
    def slow(payload, *, by, at):
        act(payload, by=by, at=at)
        database.session.execute(text("UPDATE job SET owner = 'somebody else'"))

    assert not done(app, JobKind(name="slow", label="Slow", run=slow))
    assert effects(app) == []
    assert rows(app)[0]["owner"] == "me"


def test_a_long_job_keeps_the_batches_it_made_and_goes_on_after_a_failure(app):
    tries = []

    def dig(payload, *, by, at, lease):
        tries.append(1)
        for number in range(4):
            batch(f"{payload['name']}{number}", lease, by=by, at=at)
            if len(tries) == 1 and number == 1:
                raise RuntimeError

    @operation("batch_dug")
    def batch(name, lease, *, by, at):
        there = text("SELECT count(*) FROM effect WHERE name = :name")
        if not database.session.execute(there, {"name": name}).scalar():
            leave_effect(name)
        lease.renew()

    assert not done(app, JobKind(name="dig", label="Dig", run=dig, long=True))
    assert effects(app) == ["a0", "a1"]
    assert again(app, clock.now() + timedelta(minutes=1))
    assert effects(app) == ["a0", "a1", "a2", "a3"]
    assert rows(app)[0]["state"] == "done"


def test_a_long_job_that_lost_its_lease_stops_at_the_next_batch(app):
    def dig(_payload, *, by, at, lease):
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE job SET owner = 'somebody else'"))
        batch(lease, by=by, at=at)

    @operation("batch_dug")
    def batch(lease, *, by, at):
        leave_effect("a")
        lease.renew()

    assert not done(app, JobKind(name="dig", label="Dig", run=dig, long=True))
    assert effects(app) == []
    assert rows(app)[0]["owner"] == "somebody else"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (JobFailed("The mail server is away."), "The mail server is away."),
        (OSError(28, "No space left on device"), "OSError: No space left on device"),
        (ValueError("13800000001"), "ValueError"),
        (
            IntegrityError("INSERT", {"name": "Grace"}, ValueError("Key (name)=(Grace) exists")),
            "ValueError",
        ),
    ],
)
def test_a_failure_is_told_without_the_data_in_its_message(error, shown):
    assert described(error) == shown
