"""The book inside a backup, unpacked beside the one in use and proven, before anything is replaced."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from crmlite.backups import archive, places, proof
from crmlite.backups.archive import Archive
from crmlite.backups.manifest import Manifest
from crmlite.backups.refusal import BackupUnusable, CannotTake
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import is_refused
from crmlite.db.keyring import KeyRing
from crmlite.wording import N_

SPARE = 64 * 2**20  # bytes that stay free

OTHER_ENGINE = N_(
    "This backup is of a book in %(theirs)s, and this instance uses %(ours)s. Set database_url, or "
    "CRMLITE_DATABASE_URL, to a database of that kind first."
)
NEWER_SCHEMA = N_(
    "This backup is of a newer crmlite (%(app)s, schema %(schema)s). Install that version first."
)
NO_SCHEMA = N_("This backup is of a database that crmlite's migrations did not make.")
NO_ROOM = N_("Unpacking needs %(wanted)s MB in %(place)s; %(free)s MB are free.")
WRONG = N_("The book in this backup is not whole: %(what)s")
CANNOT_LOAD = N_("The book in this backup cannot be loaded (%(why)s).")
REFUSED = N_("The database does not take the book of this backup now (%(why)s).")

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A book that is ready to be used; `book` is a Scratch of its engine, `folder` where all else lies."""

    manifest: Manifest
    ring: KeyRing
    book: Any
    config_file: Path | None
    folder: Path


def check_fit(config: Config, manifest: Manifest) -> None:
    """Raise CannotTake when this instance cannot take the book, BackupUnusable when none can; asks for
    no keys."""
    ours = "sqlite" if config.is_sqlite else "postgresql"
    theirs = manifest.facts.engine
    if theirs != ours:
        raise CannotTake(OTHER_ENGINE, theirs=ENGINES.get(theirs, theirs[:20]), ours=ENGINES[ours])
    schema = manifest.facts.schema
    if not schema:
        raise BackupUnusable(NO_SCHEMA)
    if schema not in migrate.history():
        raise CannotTake(NEWER_SCHEMA, app=manifest.app[:40], schema=schema[:40])
    for folder, wanted in _room(config, manifest).items():
        free = shutil.disk_usage(folder).free
        if free < wanted + SPARE:
            mb = 2**20
            raise CannotTake(
                NO_ROOM, wanted=(wanted + SPARE) // mb, place=str(folder), free=free // mb
            )


def _room(config: Config, manifest: Manifest) -> dict[Path, int]:
    """How many bytes are unpacked into which folder, one for each file system."""
    home, beside = map(_there, (config.instance, places.beside_book(config)))
    if beside.stat().st_dev == home.stat().st_dev:
        beside = home
    room = {home: 0, beside: 0}
    for name, member in manifest.members.items():
        room[beside if name.startswith(archive.BOOK) else home] += member.unpacked
    return room


def _there(folder: Path) -> Path:
    """A folder, or the nearest above it that there is."""
    return next(one for one in (folder, *folder.parents) if one.exists())


@contextmanager
def unpacked(config: Config, packed: Archive, ring: KeyRing, at: datetime) -> Iterator[Unpacked]:
    """The book of a backup, proven and brought to the newest schema; gone afterwards unless it was
    put in place. Raises BackupUnusable, CannotTake."""
    with (
        places.workplace(config.instance, at) as folder,
        places.workplace(places.beside_book(config), at) as beside,
    ):
        packed.prove(ring)
        check_fit(config, packed.manifest)
        parts = packed.unpack(folder, ring, beside)
        book = places.book_of(config).Scratch(config, beside)
        try:
            _load(book, parts, packed.manifest, ring)
            yield Unpacked(packed.manifest, ring, book, parts.get(archive.CONFIG), folder)
        finally:
            book.discard()


def _load(book: Any, parts: dict[str, Path], manifest: Manifest, ring: KeyRing) -> None:
    try:
        book.fill(parts, manifest.facts.schema)
        with book.engine() as engine:
            with engine.connect() as connection:
                found = [
                    *proof.differences(connection, manifest.facts),
                    *proof.damages(connection),
                    *proof.dangling(connection),
                ]
            if not found:
                migrate.upgrade(engine, keys=ring)
                with engine.connect() as connection:
                    found = proof.problems(connection, ring, manifest.facts.head)
    except KeyError as error:
        raise BackupUnusable(archive.PART_MISSING, name=str(error.args[0])) from None
    except DBAPIError as error:
        why = type(error.orig).__name__
        if is_refused(error):
            raise CannotTake(REFUSED, why=why) from error
        raise BackupUnusable(CANNOT_LOAD, why=why) from error
    except migrate.ReferencesBroken as error:
        raise BackupUnusable(CANNOT_LOAD, why=str(error)) from error
    if found:
        raise BackupUnusable(WRONG, what=str(found[0]))
