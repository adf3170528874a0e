"""One file and the code bring the whole book back, here or on a new machine, or change nothing."""

import errno
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crmlite.app import create_app
from crmlite.backups import archive, places, postgresql_book, scratch
from crmlite.backups.making import make
from crmlite.backups.refusal import BackupUnusable
from crmlite.backups.restoring import restore
from crmlite.backups.sqlite_book import Scratch
from crmlite.config import Config
from crmlite.customers.models import Customer
from crmlite.db import derived, migrate
from crmlite.db.instance_lock import InstanceInUse, serving
from crmlite.db.keyring import KeyRing, KeysMissing, WrongCode
from crmlite.db.keys import ring
from crmlite.db.recovery import MistypedCode, new_code
from crmlite.db.sealing import open_sealed
from crmlite.extensions import database
from tests.backups.books import SECRET, book, code, config, hashes, new_place, tree
from tests.faults.processes import nursery

__all__ = ["book", "code", "config", "new_place"]

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


@pytest.fixture
def packed(book, code, tmp_path) -> Path:
    """A backup of the book, on its way to somewhere else."""
    return make(book, tmp_path / "taken along.zip", at=AT).path


def addresses(config) -> set[str]:
    """What the sealed addresses of the book say, read by a crmlite that was started on it."""
    app = create_app(config)
    table = Customer.__table__
    with app.app_context():
        found = database.session.execute(select(table.c.uid, table.c.address)).all()
        opened = {
            open_sealed(ring(), row.address, ("customer", "address", row.uid)) for row in found
        }
        database.session.remove()
        database.engine.dispose()
    assert len(found) == 30
    return opened


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_new_machine_with_one_file_and_the_code_has_the_book(
    encrypted, book, code, new_place, tmp_path
):
    path = make(book, tmp_path / "x.zip", at=AT, encrypted=encrypted).path
    place = new_place()
    done = restore(place, path, lambda: code, at=LATER)
    assert done.manifest.made_at == AT
    assert done.kept is None, "nothing was there before"
    assert hashes(place) == hashes(book)
    assert addresses(place) == {SECRET}
    assert KeyRing.load(place.keys_file).fingerprint == KeyRing.load(book.keys_file).fingerprint
    assert not list(place.instance.glob(f"{places.WORK}*"))


@pytest.mark.parametrize("here", [True, False])
def test_the_restored_book_has_the_whole_derived_schema(here, book, packed, code, new_place):
    """Also where the book that was there before has triggers of the same names."""
    place = book if here else new_place()
    restore(place, packed, lambda: code, at=LATER)
    with migrate.passing_engine(place.url, 5) as engine, engine.connect() as connection:
        assert derived.missing(connection) == []
        assert migrate.standing(connection) is migrate.Standing.CURRENT
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text("DELETE FROM operation"))


def test_new_rows_of_the_restored_book_get_new_ids(packed, code, new_place):
    place = new_place()
    restore(place, packed, lambda: code, at=LATER)
    add = "INSERT INTO setting (name, value) VALUES ('x', '1')"
    with migrate.passing_engine(place.url, 5) as engine, engine.begin() as connection:
        connection.execute(text(add))


def test_settings_come_along_to_a_new_machine_and_never_replace_those_there(
    book, code, new_place, tmp_path
):
    named = replace(book, public_url="https://crm.example", proxies=1)
    path = make(named, tmp_path / "x.zip", at=AT).path
    place = new_place()
    restore(place, path, lambda: code, at=LATER)
    kept = (place.instance / "config.toml").read_text()
    assert 'public_url = "https://crm.example"' in kept
    assert "database_url" not in kept
    (place.instance / "config.toml").write_text("proxies = 3\n")
    restore(place, path, lambda: code, at=LATER.replace(hour=10))
    assert (place.instance / "config.toml").read_text() == "proxies = 3\n"


def test_the_book_that_was_there_is_kept_aside(book, code, packed):
    with migrate.passing_engine(book.url, 5) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE customer SET name = 'worked on since'"))
    newer = hashes(book)
    keys = book.keys_file.read_bytes()
    done = restore(book, packed, lambda: code, at=LATER)
    assert done.kept == book.instance / "data.before-restore-20261126T093000Z"
    assert hashes(book) != newer
    assert (done.kept / "keys.json").read_bytes() == keys
    if book.is_sqlite:
        old = replace(book, instance=done.kept)
        assert hashes(old) == newer
    else:
        assert done.kept_schema == "data_before_restore_20261126t093000z"
        with migrate.passing_engine(book.url, 5) as engine, engine.connect() as connection:
            where = f'"{done.kept_schema}".customer'
            count = f"SELECT count(*) FROM {where} WHERE name = 'worked on since'"
            assert connection.execute(text(count)).scalar() == 30


def test_it_can_be_restored_back_and_forth(book, code, packed, tmp_path):
    first = hashes(book)
    with migrate.passing_engine(book.url, 5) as engine, engine.begin() as connection:
        connection.execute(text("DELETE FROM customer"))
    second, other = hashes(book), make(book, tmp_path / "second.zip", at=AT).path
    for hour, path, wanted in ((1, packed, first), (2, other, second), (3, packed, first)):
        restore(book, path, lambda: code, at=LATER.replace(hour=hour))
        assert hashes(book) == wanted


def test_everyone_signs_in_anew(book, code, packed):
    """A session that was ended since the backup must not come back to life with it."""
    before = book.secret_file.read_bytes()
    done = restore(book, packed, lambda: code, at=LATER)
    assert not book.secret_file.exists()
    assert (done.kept / "secret.key").read_bytes() == before


def test_a_backup_from_before_a_rotation_opens_with_the_same_code(book, code, packed, new_place):
    KeyRing.load(book.keys_file).rotate()
    place = new_place()
    restore(place, packed, lambda: code, at=LATER)
    assert addresses(place) == {SECRET}


def state(config) -> tuple[object, object]:
    """All that a refused restore must leave alone."""
    return tree(config.instance), hashes(config)


@pytest.mark.parametrize(
    ("typed", "raised"),
    [("", MistypedCode), ("7K2QF", MistypedCode), (new_code(), WrongCode)],
    ids=["none", "a piece of one", "of another book"],
)
def test_with_a_wrong_code_nothing_is_touched(typed, raised, book, packed):
    before = state(book)
    with pytest.raises(raised):
        restore(book, packed, lambda: typed, at=LATER)
    assert state(book) == before


def test_the_code_is_not_asked_for_while_the_file_is_no_use(book, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no backup")

    def ask() -> str:
        pytest.fail("the code was asked for")

    with pytest.raises(BackupUnusable):
        restore(book, tmp_path / "x.zip", ask, at=LATER)


def test_while_the_instance_is_served_it_is_refused(book, code, packed):
    before = state(book)
    with serving(book), pytest.raises(InstanceInUse, match="stop crmlite first"):
        restore(book, packed, lambda: code, at=LATER)
    assert state(book) == before


@pytest.mark.parametrize("engine", ["postgresql"])
def test_while_another_machine_uses_the_database_it_is_refused(book, code, packed):
    before = state(book)
    with (
        migrate.passing_engine(book.url, 5) as engine,
        engine.connect(),
        pytest.raises(BackupUnusable, match="1 other connections use this database"),
    ):
        restore(book, packed, lambda: code, at=LATER)
    assert state(book) == before
    with migrate.passing_engine(book.url, 5) as engine, engine.connect() as connection:
        left = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'restore%'"
        assert connection.execute(text(left)).scalar() == 0


@pytest.mark.parametrize("engine", ["postgresql"])
def test_who_is_just_leaving_the_database_is_waited_for(book, code, packed, monkeypatch):
    with migrate.passing_engine(book.url, 5) as engine:
        leaving = engine.connect()
        count = postgresql_book._others

        def counted(connection):
            threading.Timer(0.3, leaving.close).start()
            return count(connection)

        monkeypatch.setattr(postgresql_book, "_others", counted)
        restore(book, packed, lambda: code, at=LATER)


def test_into_a_book_of_another_engine_it_is_refused(engine, packed, code, tmp_path, request):
    other = ""
    if engine == "sqlite":
        other = request.getfixturevalue("fresh_postgresql")()
    place = replace(
        request.getfixturevalue("config"), instance=tmp_path / "new", database_url=other
    )
    with pytest.raises(BackupUnusable, match="Set database_url"):
        restore(place, packed, lambda: code, at=LATER)
    assert tree(place.instance) == {}


def test_without_room_to_unpack_it_is_refused(book, code, packed, monkeypatch):
    before = state(book)
    monkeypatch.setattr(scratch, "SPARE", 2**60)
    with pytest.raises(BackupUnusable, match="Unpacking needs"):
        restore(book, packed, lambda: code, at=LATER)
    assert state(book) == before


@pytest.fixture
def apart(book, tmp_path, monkeypatch) -> Config:
    """The settings of a book whose database lies on a file system of its own."""
    elsewhere = tmp_path / "another disk"
    elsewhere.mkdir()
    book.database_file.rename(elsewhere / "crm.db")
    rename = Path.rename

    def on_one_disk(old: Path, new: Path) -> Path:
        if old.is_relative_to(elsewhere) != new.is_relative_to(elsewhere):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(old, new)

    monkeypatch.setattr(Path, "rename", on_one_disk)
    return replace(book, database_url=f"sqlite:///{elsewhere / 'crm.db'}")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_database_on_another_disk_than_the_instance_is_restored_and_kept_there(
    apart, code, tmp_path
):
    path, before = make(apart, tmp_path / "x.zip", at=AT).path, hashes(apart)
    done = restore(apart, path, lambda: code, at=LATER)
    assert (hashes(apart), addresses(apart)) == (before, {SECRET})
    assert done.kept_book == tmp_path / "another disk" / done.kept.name
    assert (done.kept_book / "crmlite.db").exists() and (done.kept / "keys.json").exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_breaks_there_is_taken_back_and_leaves_nothing(apart, code, tmp_path, monkeypatch):
    path, before = make(apart, tmp_path / "x.zip", at=AT).path, state(apart)
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Scratch, "swap", Mock(side_effect=full))
    with pytest.raises(OSError, match="No space"):
        restore(apart, path, lambda: code, at=LATER)
    assert state(apart) == before
    assert [one.name for one in apart.database_file.parent.iterdir()] == ["crm.db"]


def test_what_breaks_in_the_middle_is_taken_back(book, code, packed, monkeypatch):
    before = state(book)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(places.book_of(book).Scratch, "swap", full)
    with pytest.raises(OSError, match="No space"):
        restore(book, packed, lambda: code, at=LATER)
    assert state(book) == before


def test_a_backup_of_the_time_before_migrations_is_refused(book, code, tmp_path):
    with migrate.passing_engine(book.url, 5) as engine, engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    path = make(book, tmp_path / "x.zip", at=AT).path
    with pytest.raises(BackupUnusable, match="migrations did not make"):
        restore(book, path, lambda: code, at=LATER)


def test_killed_at_any_step_there_is_one_book_or_a_loud_lack_of_keys(book, code, packed, tmp_path):
    old = hashes(book)
    with migrate.passing_engine(book.url, 5) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE customer SET name = 'worked on since'"))
    new = hashes(book)
    assert old != new
    seen, ended = set(), -1
    with nursery(book, tmp_path) as forked:
        for steps in range(12):
            ended = forked.wait(forked("restore", path=str(packed), code=code, steps=steps))
            assert ended in (0, 9)
            if book.keys_file.exists():
                found = hashes(book)
                assert found in (old, new)
                seen.add("old" if found == old else "new")
            else:
                with pytest.raises(KeysMissing):
                    KeyRing.load(book.keys_file)
                seen.add("loud")
            if ended == 0:
                break
    assert ended == 0, "the last one was left alone"
    assert seen == {"old", "new", "loud"}
    assert hashes(book) == old
    kept = list(book.instance.glob("data.before-restore-*/keys.json"))
    assert kept, "the keys that were there are kept"


def test_only_the_newest_schema_or_an_older_one_is_taken(book, code, packed):
    with archive.opened(packed) as found:
        manifest = found.manifest
    newer = replace(manifest, app="9.0", facts=replace(manifest.facts, schema="9999"))
    with pytest.raises(BackupUnusable, match=r"newer crmlite \(9\.0, schema 9999\)"):
        scratch.check_fit(book, newer)
