"""The rehearsal restores the newest backup on trial, writes down how it went, and leaves no trace."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from crmlite import clock
from crmlite.backups import jobs, operations, places, queries, scratch
from crmlite.backups.models import DAMAGED, GOOD, BackupRow
from crmlite.backups.refusal import BackupUnusable, CannotTake
from crmlite.backups.rehearsing import rehearse
from crmlite.extensions import database
from crmlite.work import actors
from tests.backups.books import book, code, config, hashes, new_place, tree

__all__ = ["book", "code", "config", "new_place"]
BY = actors.job("prove-backup")
WRITING = sqlite3.SQLITE_IOERR | 3 << 8  # with what it was about, in the bits above


@pytest.fixture
def tried(book, app):
    """An instance with two backups, in its context."""
    with app.app_context():
        now = clock.now()
        for age in (2, 1):
            operations.make(by=BY, at=now - timedelta(hours=age))
        yield app
        database.session.remove()


def rows() -> dict[str, tuple[str, object]]:
    table = BackupRow.__table__
    found = database.session.execute(select(table).order_by(table.c.id)).mappings().all()
    database.session.rollback()
    return {row["name"]: (row["state"], row["proven_at"]) for row in found}


def test_a_backup_that_can_be_restored_is_proven(tried, config):
    before = hashes(config, but=("backup", "operation", "change", "actor"))
    files = tree(config.backups_folder)
    at = clock.now()
    name = rehearse(by=BY, at=at)
    assert name == places.files(config.backups_folder)[0].name
    assert rows()[name] == (GOOD, at)
    assert queries.last_proven() == at
    assert len([1 for _state, proven in rows().values() if proven]) == 1
    assert hashes(config, but=("backup", "operation", "change", "actor")) == before
    assert tree(config.backups_folder) == files
    assert not list(config.instance.glob(f"{places.WORK}*"))


@pytest.mark.parametrize("engine", ["postgresql"])
def test_nothing_of_the_trial_stays_in_the_database(tried):
    rehearse(by=BY, at=clock.now())
    schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'restore%'"
    assert database.session.execute(text(schemas)).scalar() == 0


def test_a_damaged_backup_is_told_and_named_on_the_page(tried, config):
    newest = places.files(config.backups_folder)[0]
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    with pytest.raises(BackupUnusable, match="check sum does not match"):
        rehearse(by=BY, at=clock.now())
    assert rows()[newest.name] == (DAMAGED, None)
    shown = queries.backups()[0]
    assert (shown.name, shown.is_good, shown.here) == (newest.name, False, True)
    assert "check sum" in str(shown.reason)
    assert queries.damaged_names() == {newest.name}
    assert queries.last_proven() is None


def test_a_backup_that_could_not_be_tried_is_not_called_damaged_and_stays(
    book, app, config, monkeypatch
):
    with app.app_context():
        now = clock.now()
        operations.make(by=BY, at=now - timedelta(days=2))
        newest = places.files(config.backups_folder)[0]
        with monkeypatch.context() as full:
            full.setattr(scratch, "SPARE", 2**60)
            with pytest.raises(CannotTake, match="Unpacking needs"):
                rehearse(by=BY, at=now - timedelta(days=2))
        assert rows()[newest.name] == (GOOD, None)
        operations.make(by=BY, at=now)
        jobs.rotate(now)
        assert newest.exists()
        database.session.remove()


@pytest.mark.parametrize(
    "told",
    [{"sqlite_errorcode": WRITING}, {"sqlstate": "53300"}, {"sqlstate": None}],
    ids=["input or output", "too many clients", "connection lost"],
)
def test_nor_is_one_that_the_database_refuses_to_take(tried, config, monkeypatch, told):
    failing(config, monkeypatch, told)
    with pytest.raises(CannotTake, match="does not take the book"):
        rehearse(by=BY, at=clock.now())
    assert {state for state, _proven in rows().values()} == {GOOD}


@pytest.mark.parametrize(
    "told",
    [{"sqlite_errorcode": sqlite3.SQLITE_ERROR}, {"sqlstate": "42P01"}, {}],
    ids=["no such table", "undefined table", "said by the driver"],
)
def test_one_with_which_a_statement_fails_is_damaged(tried, config, monkeypatch, told):
    failing(config, monkeypatch, told)
    with pytest.raises(BackupUnusable, match="cannot be loaded"):
        rehearse(by=BY, at=clock.now())
    assert DAMAGED in {state for state, _proven in rows().values()}


def failing(config, monkeypatch, told) -> None:
    """Have the database answer with a fault when a book is loaded."""
    fault = Exception("no")
    vars(fault).update(told)

    def fill(*_):
        raise OperationalError("INSERT", None, fault)

    monkeypatch.setattr(places.book_of(config).Scratch, "fill", fill)


def test_a_backup_that_lies_there_without_a_row_is_tried_as_well(tried, config):
    """After a restore the folder knows more than the book."""
    newest = places.files(config.backups_folder)[0]
    later = config.backups_folder / places.file_name(clock.now())
    newest.rename(later)
    assert rehearse(by=BY, at=clock.now()) == later.name
    assert rows()[later.name][0] == GOOD


def test_without_any_backup_there_is_nothing_to_try(app):
    with app.app_context(), pytest.raises(BackupUnusable, match="no backup to try"):
        rehearse(by=BY, at=clock.now())
