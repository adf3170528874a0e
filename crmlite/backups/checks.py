"""What `crmlite check` looks at by itself: the engine, the schema, the ledger, the keys, backups."""

from collections.abc import Iterable, Iterator

from flask import current_app
from sqlalchemy import Connection, text

from crmlite import clock
from crmlite.backups import archive, places, proof, queries, recount
from crmlite.backups.refusal import BackupUnusable
from crmlite.backups.resealing import values_per_key
from crmlite.config import Config
from crmlite.db import derived, migrate
from crmlite.db.engines import has_wal_bug, sqlite_module
from crmlite.db.keyring import KeyRing
from crmlite.db.keys import ring
from crmlite.db.shares import share_of
from crmlite.extensions import database
from crmlite.wording import N_
from crmlite.work.chain import Head, waiting
from crmlite.work.checks import DOUBT, GOOD, WRONG, Check, Finding
from crmlite.work.proving import verify

MANY = 5000  # operations a minute's job leaves behind only when it does not run

SQLITE = N_("SQLite %(version)s, journal mode %(mode)s")
WAL_BUG = N_(
    "SQLite %(version)s can damage a book in journal mode WAL; use one from 3.51.3 on, or let "
    "crmlite choose the mode."
)
ON_SHARE = N_(
    "The book lies on a network share (%(kind)s), where SQLite can be damaged: put it on a disk of "
    "this machine, or use PostgreSQL."
)
POSTGRESQL = N_("PostgreSQL %(version)s")
UNSAFE = N_("PostgreSQL runs with %(name)s=%(value)s: what was saved may be lost or damaged.")
BEHIND = N_("The schema is %(found)s and should be %(wanted)s: run crmlite upgrade.")
SCHEMA = N_("The schema is %(found)s, the newest.")
UNDERIVED = N_("%(name)s is missing (a trigger, index or search table): run crmlite upgrade.")
UNSEALED = N_("%(number)s operations are not sealed yet; does a worker run?")
SEALED = N_("Every sealed operation is as it was; %(number)s wait for the next minute's seal.")
KEY = N_("Key %(key)s seals %(number)s values.")
ACTIVE_KEY = N_("Key %(key)s, the active one, seals %(number)s values.")
STRANGE = N_("%(number)s values are not sealed with any key of this book.")
NO_BACKUP = N_("There is no backup yet.")
OLD_BACKUP = N_("The newest backup is %(hours)s hours old.")
NEWEST = N_("The newest backup is %(name)s.")
ELSEWHERE = N_("The newest backup, %(name)s, was put outside the usual folder.")
UNUSABLE = N_("The newest backup cannot be used: %(why)s")
NEVER_PROVEN = N_("No backup was ever restored on trial.")


def checks() -> list[Check]:
    """The checks of crmlite itself, in the order in which they are made."""
    return [
        Check(name="engine", label=N_("Database"), run=_engine, weight=0),
        Check(name="integrity", label=N_("Integrity"), run=_integrity, weight=10),
        Check(name="references", label=N_("References"), run=_references, weight=20),
        Check(name="schema", label=N_("Schema"), run=_schema, weight=30),
        Check(name="ledger", label=N_("Ledger"), run=_ledger, weight=40),
        Check(name="keys", label=N_("Keys"), run=_keys, weight=50),
        Check(name="sealed", label=N_("Sealed values"), run=_sealed, weight=60),
        Check(name="facts", label=N_("Figures of customers"), run=recount.compare, weight=70),
        Check(name="backups", label=N_("Backups"), run=_backups, weight=90),
    ]


def _connection() -> Connection:
    return database.session.connection()


def _config() -> Config:
    config: Config = current_app.extensions["crmlite.config"]
    return config


def _engine(_thorough: bool) -> Iterator[Finding]:
    connection = _connection()
    if connection.dialect.name == "sqlite":
        module = sqlite_module()
        mode = str(connection.execute(text("PRAGMA journal_mode")).scalar())
        version = {"version": module.sqlite_version}
        if mode.lower() == "wal" and has_wal_bug(module.sqlite_version_info):
            yield Finding(WAL_BUG, version)
        if share := share_of(_config().database_file):
            yield Finding(ON_SHARE, {"kind": share}, DOUBT)
        yield Finding(SQLITE, version | {"mode": mode.upper()}, GOOD)
        return
    for name, wanted in (("data_checksums", "on"), ("fsync", "on"), ("synchronous_commit", "on")):
        value = str(connection.execute(text(f"SHOW {name}")).scalar())
        if value != wanted and not (name == "synchronous_commit" and value.startswith("remote_")):
            yield Finding(UNSAFE, {"name": name, "value": value}, DOUBT)
    version = {"version": str(connection.execute(text("SHOW server_version")).scalar())}
    yield Finding(POSTGRESQL, version, GOOD)


def _integrity(_thorough: bool) -> Iterable[Finding]:
    return proof.damages(_connection())


def _references(_thorough: bool) -> Iterable[Finding]:
    return proof.dangling(_connection())


def _schema(_thorough: bool) -> Iterator[Finding]:
    found, wanted = migrate.revision(_connection()), migrate.head()
    if found != wanted:
        yield Finding(BEHIND, {"found": found or "-", "wanted": wanted})
        return
    missing = derived.missing(_connection())
    yield from (Finding(UNDERIVED, {"name": name}) for name in missing)
    if not missing:
        yield Finding(SCHEMA, {"found": found}, GOOD)


def _ledger(_thorough: bool) -> Iterator[Finding]:
    problems = verify(_connection(), ring().secret("ledger"), newest_head())
    yield from problems
    number = waiting(_connection())
    if number > MANY:
        yield Finding(UNSEALED, {"number": number}, DOUBT)
    elif not problems:
        yield Finding(SEALED, {"number": number}, GOOD)


def newest_head() -> Head | None:
    """The head that the newest readable backup of this book has of the ledger."""
    for path in places.files(_config().backups_folder):
        try:
            with archive.opened(path) as packed:
                packed.prove(ring())
                return packed.manifest.facts.head
        except (BackupUnusable, OSError):
            continue
    return None


def _keys(_thorough: bool) -> Iterator[Finding]:
    keys: KeyRing = ring()
    counts = values_per_key(_connection(), keys)
    for key_id in keys.key_ids:
        told = ACTIVE_KEY if key_id == keys.active else KEY
        yield Finding(told, {"key": key_id, "number": counts[key_id]}, GOOD)
    if counts[""]:
        yield Finding(STRANGE, {"number": counts[""]}, WRONG)


def _sealed(thorough: bool) -> Iterable[Finding]:
    return proof.shut_values(_connection(), ring(), thorough=thorough)


def _put_elsewhere() -> Finding:
    """What is known of backups when none lies in the usual folder."""
    found = queries.newest_elsewhere()
    if found is None:
        return Finding(NO_BACKUP, level=DOUBT)
    name, made_at = found
    age = clock.now() - made_at
    if age > queries.OLD:
        return Finding(OLD_BACKUP, {"hours": int(age.total_seconds() // 3600)}, DOUBT)
    return Finding(ELSEWHERE, {"name": name}, GOOD)


def _backups(_thorough: bool) -> Iterator[Finding]:
    there = places.files(_config().backups_folder)
    if not there:
        yield _put_elsewhere()
        return
    newest, made_at = there[0], places.made_at(there[0].name)
    assert made_at is not None
    try:
        with archive.opened(newest) as packed:
            packed.prove(ring())
    except (BackupUnusable, OSError) as error:
        yield Finding(UNUSABLE, {"why": str(error)})
        return
    age = clock.now() - made_at
    if age > queries.OLD:
        yield Finding(OLD_BACKUP, {"hours": int(age.total_seconds() // 3600)}, DOUBT)
    else:
        yield Finding(NEWEST, {"name": newest.name}, GOOD)
    if queries.last_proven() is None:
        yield Finding(NEVER_PROVEN, level=DOUBT)
