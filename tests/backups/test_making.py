"""A backup is made while the book is in use, is proven, and gives no secret away."""

import json
import resource
import stat
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, text

from crmlite import clock
from crmlite.backups import archive, making, operations, places
from crmlite.backups.making import make, settings_kept
from crmlite.backups.refusal import BackupFailed
from crmlite.backups.writing import Writer
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import sqlite_module
from crmlite.db.keyring import KeyRing, KeysDamaged, KeysMissing
from crmlite.settings.models import SettingRow
from tests.backups.books import SECRET, book, code, config, new_place, tree
from tests.backups.forgeries import Forger
from tests.db.lasting import LASTING, disk

__all__ = ["book", "code", "config", "disk", "new_place"]

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def test_a_backup_lies_among_the_others_named_after_its_moment(book):
    made = make(book, at=AT)
    assert made.path == book.backups_folder / "crmlite-20261125T030000Z.zip"
    assert places.made_at(made.path.name) == AT
    assert made.size == made.path.stat().st_size
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(book.backups_folder.stat().st_mode) == 0o700
    assert list(book.backups_folder.iterdir()) == [made.path], "nothing else is left there"


def test_it_is_on_the_disk_before_it_has_its_name(book, disk):
    make(book, at=AT)
    assert disk == LASTING


class Careless(Writer):
    """Writes a part that its list of contents does not name, or a list that nothing proves."""

    honest = True

    def __init__(self, path, ring, veil=None):
        super().__init__(path, ring, veil)
        self.path, self.ring = path, ring

    def finish(self, manifest):
        complete = super().finish(manifest)
        forger = Forger(self.path.read_bytes(), self.ring)
        self.path.write_bytes(forger.repacked({archive.CONFIG: b"proxies = 9"}, honest=self.honest))
        return complete


@pytest.mark.parametrize("honest", [True, False], ids=["another part", "another list"])
def test_what_cannot_be_read_again_as_it_was_written_is_not_kept(book, monkeypatch, honest):
    monkeypatch.setattr(Careless, "honest", honest)
    monkeypatch.setattr(making, "Writer", Careless)
    with pytest.raises(BackupFailed, match="not whole"):
        make(book, at=AT)
    assert list(book.backups_folder.iterdir()) == []


def test_what_other_slices_call_answers_the_path(book, tmp_path):
    assert operations.backup(book).parent == book.backups_folder
    assert operations.backup(book, tmp_path / "mine.zip") == tmp_path / "mine.zip"


def test_a_backup_goes_to_a_file_or_into_a_folder(book, tmp_path):
    assert make(book, tmp_path / "mine.zip", at=AT).path == tmp_path / "mine.zip"
    assert make(book, tmp_path, at=AT).path == tmp_path / "crmlite-20261125T030000Z.zip"


def test_it_says_what_it_is(book, engine):
    made = make(book, at=AT)
    with archive.opened(made.path) as packed:
        told = packed.manifest
    assert told == made.manifest
    assert (told.made_at, told.facts.engine) == (AT, engine)
    assert told.facts.schema
    assert told.facts.counts["customer"] == 30
    assert told.facts.head.seal == 1
    assert told.fingerprint == KeyRing.load(book.keys_file).fingerprint


def everything_in(path: Path) -> bytes:
    """All that can be read out of a backup without keys."""
    with zipfile.ZipFile(path) as packed:
        return path.read_bytes() + b"".join(packed.read(name) for name in packed.namelist())


def secrets_of(config: Config) -> list[bytes]:
    fields = json.loads(config.keys_file.read_bytes())
    return [
        SECRET.encode(),
        fields["root"].encode(),
        *(key.encode() for key in fields["keys"].values()),
        config.secret_file.read_bytes().strip(),
    ]


@pytest.mark.parametrize("encrypted", [False, True])
def test_no_secret_stands_in_it_in_clear(encrypted, book, code):
    content = everything_in(make(book, at=AT, encrypted=encrypted).path)
    for secret in [*secrets_of(book), code.encode(), code.replace("-", "").encode()]:
        assert secret not in content
    assert book.keys_file.read_bytes() not in content


def test_encrypted_it_hides_names_as_well(book):
    name = "码头".encode()
    assert name in everything_in(make(book, at=AT).path)
    assert name not in everything_in(make(book, at=AT, encrypted=True).path)


def test_the_firms_wish_for_encryption_holds_for_every_backup(app, book, tmp_path):
    """Also for the one before an upgrade, and when nobody asks for it."""
    assert make(book, tmp_path / "x.zip", at=AT).manifest.salt == ""
    with migrate.passing_engine(book.url, 5) as engine, engine.begin() as connection:
        wish = {"name": "encrypt_backups", "value": True}
        connection.execute(insert(SettingRow.__table__).values(wish))
    made = operations.backup(book, tmp_path / "y.zip")
    with archive.opened(made) as packed:
        assert packed.manifest.salt
    assert "码头".encode() not in everything_in(made)


def test_a_folder_that_is_not_there_is_not_made(book, tmp_path):
    with pytest.raises(BackupFailed, match="There is no folder"):
        make(book, tmp_path / "misspelt" / "x.zip", at=AT)
    assert not (tmp_path / "misspelt").exists()


def test_settings_travel_without_what_belongs_to_the_machine(tmp_path):
    config = Config(
        instance=tmp_path,
        database_url="postgresql://crm:hunter2@db/crm",
        public_url='https://crm.example"x"\\y',
        trusted_hosts="crm.example, b.example",
        proxies=2,
        backups=False,
    )
    kept = settings_kept(config)
    assert "hunter2" not in kept
    (tmp_path / "config.toml").write_text(kept)
    read = Config.read({}, instance=tmp_path)
    assert (read.public_url, read.proxies, read.backups) == (config.public_url, 2, False)
    assert read.trusted_hosts == config.trusted_hosts
    assert read.database_url == ""


def test_without_keys_there_is_no_backup(book):
    whole = book.keys_file.read_bytes()
    book.keys_file.write_bytes(whole[:-9])
    with pytest.raises(KeysDamaged):
        make(book, at=AT)
    book.keys_file.unlink()
    with pytest.raises(KeysMissing):
        make(book, at=AT)
    assert not book.backups_folder.exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_without_a_book_there_is_no_backup(book):
    empty = replace(book, database_url=f"sqlite:///{book.instance}/other.db")
    with pytest.raises(BackupFailed, match="There is no book"):
        make(empty, at=AT)
    assert not (book.instance / "other.db").exists()
    assert list(book.backups_folder.iterdir()) == []


def tamper(config: Config, statement: str) -> None:
    """Change the database past its fences."""
    if config.is_sqlite:
        engine = create_engine(config.url, module=sqlite_module())
        drop = "DROP TRIGGER keep_change_update"
    else:
        engine = create_engine(config.url)
        drop = 'DROP TRIGGER keep_change_update ON "change"'
    with engine.begin() as connection:
        connection.execute(text(drop))
        connection.execute(text(statement))
    engine.dispose()


def test_a_copy_whose_ledger_was_altered_is_not_kept(book, tmp_path):
    before = make(book, tmp_path / "mine.zip", at=AT).path.read_bytes()
    tamper(book, "UPDATE change SET verb = 'x' WHERE id = 3")
    with pytest.raises(BackupFailed, match=r"not whole.*altered after it was sealed"):
        make(book, tmp_path / "mine.zip", at=AT)
    assert (tmp_path / "mine.zip").read_bytes() == before, "the earlier one stays"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_damaged_database_is_noticed_and_not_kept(book):
    content = bytearray(book.database_file.read_bytes())
    for at in range(len(content) // 2, len(content) // 2 + 40_000):
        content[at] ^= 0x5A
    book.database_file.write_bytes(content)
    with pytest.raises(BackupFailed, match=r"damaged|cannot be read|cannot be opened"):
        make(book, at=AT)
    assert list(book.backups_folder.iterdir()) == []


def test_without_room_nothing_is_left_and_the_earlier_backup_stays(book, tmp_path):
    before = make(book, tmp_path / "mine.zip", at=AT).path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, limits[1]))
    try:
        with pytest.raises(BackupFailed, match="no room"):
            make(book, tmp_path / "mine.zip", at=AT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "mine.zip").read_bytes() == before
    assert [path.name for path in tmp_path.glob("*.zip")] == ["mine.zip"]
    assert not list(tmp_path.glob(f"{places.WORK}*"))


def test_making_one_changes_nothing_in_the_instance(book, tmp_path):
    before = tree(book.instance)
    make(book, tmp_path / "mine.zip", at=AT)
    assert tree(book.instance) == before


def test_a_place_that_cannot_be_written_to_is_named(book, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackupFailed, match="cannot be written to"):
        make(book, tmp_path / "file" / "mine.zip", at=AT)


def test_what_a_crash_left_behind_is_removed_after_two_days(book):
    left = book.backups_folder / f"{places.WORK}abc"
    left.mkdir(parents=True)
    (left / "crmlite.db").write_bytes(b"half")
    now = clock.now()
    make(book, at=now)
    assert left.exists()
    make(book, at=now + places.FORGOTTEN + timedelta(minutes=1))
    assert not left.exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_writer_does_not_keep_a_backup_from_being_made(book):
    with closing(sqlite_module().connect(book.database_file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE epoch SET number = number + 1")
        assert make(replace(book, busy_seconds=0.2), at=AT).path.exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_book_that_somebody_keeps_for_himself_is_told_in_time(book):
    with closing(sqlite_module().connect(book.database_file, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("PRAGMA journal_mode=DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        with pytest.raises(BackupFailed, match="in use for too long"):
            make(replace(book, busy_seconds=0.5), at=AT)
        assert time.monotonic() - started < 3
    assert list(book.backups_folder.iterdir()) == []


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_table_that_somebody_keeps_for_himself_is_told_in_time(book):
    engine = create_engine(book.url)
    with engine.begin() as holder:
        holder.execute(text("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(BackupFailed, match="in use for too long"):
            make(replace(book, busy_seconds=0.5), at=AT)
    engine.dispose()
    assert list(book.backups_folder.iterdir()) == []
