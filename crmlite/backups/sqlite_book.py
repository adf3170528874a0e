"""A book in SQLite: copied while people write in it, and put in place of another by renaming."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine

from crmlite.backups.refusal import BackupFailed
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import sqlite_module
from crmlite.wording import N_

PART = "database/crmlite.db"
BESIDE = ("", "-wal", "-shm", "-journal")  # what belongs to one database file

DONE = 101  # SQLite's word for a finished step

BUSY = N_("The book was in use for too long; try again.")
NO_BOOK = N_("There is no book in %(place)s.")


@contextmanager
def copied(config: Config, folder: Path) -> Iterator[tuple[dict[str, Path], Connection]]:
    """A copy of the book as of one moment, as files in `folder`, and a connection to look at it.

    In one step: a copy made in several never ends while others write.
    """
    source, copy = config.database_file, folder / "crmlite.db"
    if not source.exists():
        raise BackupFailed(NO_BOOK, place=str(source))
    module = sqlite_module()
    with (
        closing(module.connect(source, timeout=config.busy_seconds)) as live,
        closing(module.connect(copy)) as target,
    ):
        live.backup(target, pages=-1, progress=_patient(config.busy_seconds))
        target.execute("PRAGMA journal_mode=DELETE")  # all in one file
    with reading(copy) as connection:
        yield {PART: copy}, connection


def _patient(seconds: float) -> Callable[[int, int, int], None]:
    """Ends a copy that cannot begin: by itself it would wait for a locked book for ever."""
    deadline = time.monotonic() + seconds

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status != DONE and time.monotonic() > deadline:
            raise BackupFailed(BUSY)

    return progress


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """A connection that cannot change the file."""
    module = sqlite_module()
    engine = create_engine(
        "sqlite://",
        module=module,
        poolclass=NullPool,
        creator=lambda: module.connect(f"file:{quote(str(path))}?mode=ro", uri=True),
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


class Scratch:
    """A book out of a backup, in a folder beside the one in use."""

    def __init__(self, config: Config, folder: Path) -> None:
        self._config = config
        self._file = folder / "restored.db"

    def fill(self, parts: Mapping[str, Path], _schema: str) -> None:
        """Take over the files of a backup."""
        parts[PART].rename(self._file)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An engine for the book."""
        url = f"sqlite:///{self._file}"
        with migrate.passing_engine(url, self._config.busy_seconds) as engine:
            yield engine

    def moves(self, aside: Path) -> Iterator[tuple[Path, Path]]:
        """What is renamed to what to put this book in place: the old one away first."""
        place = self._config.database_file
        for ending in BESIDE:
            old = place.with_name(place.name + ending)
            if old.exists():
                yield old, aside / f"crmlite.db{ending}"
        yield self._file, place

    def swap(self, _name: str) -> str:
        """The files were all there is."""
        return ""

    def discard(self) -> None:
        """The folder is removed by whoever made it."""
