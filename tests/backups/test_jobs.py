"""The work in the background: sealing, backups by day and by hand, and what they take away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crmlite import clock
from crmlite.backups import jobs, operations, places, queries
from crmlite.backups.models import BackupRow
from crmlite.backups.refusal import BackupUnusable
from crmlite.extensions import database
from crmlite.jobs.kinds import LATEST, kinds
from crmlite.jobs.operations import request_run
from crmlite.jobs.running import JobFailed, do_now
from crmlite.work import actors, operation, records
from crmlite.work.chain import waiting
from tests.backups.books import book, code, config, new_place

__all__ = ["book", "code", "config", "new_place"]

BY = actors.job("daily-backup")


class Lease:
    """A lease that counts how often it is renewed."""

    renewed = 0

    def renew(self) -> None:
        self.renewed += 1


@pytest.fixture
def running(app, book):
    """The application, its daily backups switched on."""
    app.extensions["crmlite.config"] = replace(book, backups=True)
    with app.app_context():
        yield app
        database.session.remove()


def run(kind: str, at=None) -> None:
    """Do a job as a worker does."""
    kinds()[kind].run({}, by=BY, at=at or clock.now(), lease=Lease())


def test_the_daily_backup_is_made_once_for_all_nights_that_were_missed(running):
    kind = kinds()["daily-backup"]
    assert kind.daily_at is not None
    assert kind.catch_up == LATEST


def test_a_daily_backup_is_made_and_written_down(running, book):
    run("daily-backup")
    (made,) = places.files(book.backups_folder)
    (shown,) = queries.backups()
    assert (shown.name, shown.state, shown.here) == (made.name, "good", True)
    assert shown.bytes == made.stat().st_size
    assert queries.last_good() == shown.made_at


def test_switched_off_none_is_made(running, book):
    running.extensions["crmlite.config"] = replace(book, backups=False)
    run("daily-backup")
    assert places.files(book.backups_folder) == []
    run(operations.BY_HAND)
    assert len(places.files(book.backups_folder)) == 1, "by hand it is"


def test_switched_off_one_is_made_when_somebody_asks_for_it(running, book):
    running.extensions["crmlite.config"] = replace(book, backups=False)
    job_id = request_run("daily-backup", by=BY, at=clock.now())
    assert do_now(job_id, clock.now())
    assert len(places.files(book.backups_folder)) == 1


def test_the_ledger_is_sealed_before_it_is_copied(running):
    @operation("team_updated")
    def touch(*, by, at):
        records.note(BackupRow, 1, {"downloaded": [None, "x"]})

    touch(by=BY, at=clock.now())
    assert waiting(database.session.connection()) == 1
    database.session.rollback()
    made = operations.make(by=BY, at=clock.now())
    assert made.manifest.facts.head.seal == 2
    assert waiting(database.session.connection()) == 1, "the backup's own line came after"


def test_superfluous_backups_go_and_damaged_ones_do_not_push_out_good_ones(running, book):
    now = clock.now()
    for days in range(1, 60):
        name = places.file_name(now - timedelta(days=days))
        book.backups_folder.mkdir(exist_ok=True)
        (book.backups_folder / name).write_bytes(b"old")
    other = book.backups_folder / "notes of the owner.txt"
    other.write_text("stays")
    run("daily-backup", now)
    kept = places.files(book.backups_folder)
    assert 10 <= len(kept) <= 7 + 4 + 12
    assert kept[0].name == places.file_name(now)
    assert other.exists()


def test_the_last_good_backup_stays_when_only_newer_ones_are_damaged(running, book):
    now = clock.now()
    book.backups_folder.mkdir(exist_ok=True)
    good, *damaged = (places.file_name(now - timedelta(hours=h)) for h in (60, 50, 40))
    for name in (good, *damaged):
        (book.backups_folder / name).write_bytes(b"old")
        if name in damaged:
            why = BackupUnusable("The part %(name)s is damaged.", name=name)
            operations.note_proof(name, places.made_at(name), why, by=BY, at=now)
    assert jobs.rotate(now) == sorted(damaged)
    assert [path.name for path in places.files(book.backups_folder)] == [good]


def test_a_backup_that_fails_fails_the_job_with_its_reason(running, book):
    book.backups_folder.write_text("in the way")
    with pytest.raises(JobFailed, match="cannot be written"):
        run("daily-backup")
    assert queries.backups()[0].state == "failed"


def test_the_weekly_trial_proves_the_newest_and_tells_when_it_cannot(running, book):
    run("prove-backup")
    run("daily-backup")
    run("prove-backup")
    assert queries.last_proven() is not None
    newest = places.files(book.backups_folder)[0]
    newest.write_bytes(newest.read_bytes()[:-5])
    with pytest.raises(JobFailed, match="its end is missing"):
        run("prove-backup")


def test_sealing_each_minute_seals_what_was_done(running):
    run("daily-backup")
    assert waiting(database.session.connection()) > 0
    database.session.rollback()
    run("seal-ledger")
    assert waiting(database.session.connection()) == 0


def test_all_kinds_of_this_room_are_registered(running):
    assert {kind.name for kind in jobs.kinds()} <= set(kinds())
