"""Starting a book: keys, tables and what every book contains, once, and never over another one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.operations import ensure_shipped
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.keyring import KeyRing
from crmlite.db.migrate import Standing
from crmlite.extensions import database
from crmlite.setup.fitness import Ahead, Foreign, Unfit, is_started, place_of, require_encoding
from crmlite.setup.shipping import ship
from crmlite.work import Actor, actors, current, operation
from crmlite.work.ledger import EpochRow
from crmlite.work.operations import move_epoch


class AlreadyStarted(Unfit):
    """There is a book; it is left as it is."""

    def __init__(self, config: Config) -> None:
        super().__init__(f"There is a book in {place_of(config)} already; it was left as it is.")


class KeysWithoutBook(Unfit):
    """A key ring lies beside an empty database: somebody's book has gone missing."""

    def __init__(self, config: Config) -> None:
        super().__init__(
            f"{config.keys_file} belongs to a book, but the database is empty. Put the database "
            "back or restore a backup (crmlite restore FILE); to start another book, move that "
            "file to a safe place first."
        )


def initialise() -> str:
    """Start a book in the instance of the running application; answers its recovery code.

    The code is kept nowhere. What a crash interrupted is taken up again by the next call. Raises
    AlreadyStarted, KeysWithoutBook, WrongEncoding, Ahead or Foreign, having changed nothing.
    """
    config: Config = current_app.extensions["crmlite.config"]
    with _one_at_a_time(config) as interrupted:
        _refuse_existing(config, interrupted)
        code = _make_keys(config)
        migrate.upgrade(database.engine)
        _start(by=actors.command_line(), at=clock.now())
        _starting(config).unlink()
    return code


def ensure() -> str | None:
    """Start a book if the instance is fresh; answers its recovery code, or None when there was
    one."""
    config: Config = current_app.extensions["crmlite.config"]
    if config.keys_file.exists() and not _starting(config).exists():
        return None
    try:
        return initialise()
    except AlreadyStarted:
        return None


@operation("book_started")
def _start(*, by: Actor, at: datetime) -> int:
    if database.session.execute(select(EpochRow.__table__.c.number)).first() is not None:
        raise AlreadyStarted(current_app.extensions["crmlite.config"])
    ensure_shipped(by=by, at=at)
    ship(by=by, at=at)
    move_epoch()
    return current().id


def _refuse_existing(config: Config, interrupted: bool) -> None:
    with database.engine.connect() as connection:
        require_encoding(connection)
        match migrate.standing(connection):
            case Standing.AHEAD:
                raise Ahead
            case Standing.FOREIGN:
                raise Foreign
        if is_started(connection):
            raise AlreadyStarted(config)
    if config.keys_file.exists() and not interrupted:
        raise KeysWithoutBook(config)


def _make_keys(config: Config) -> str:
    """The recovery code of a new ring; of the one that an interrupted start has made already,
    whose code nobody saw, a new code."""
    if config.keys_file.exists():
        return KeyRing.load(config.keys_file).renew_code()
    return KeyRing.create(config.keys_file)[1]


@contextmanager
def _one_at_a_time(config: Config) -> Iterator[bool]:
    """Let others wait; tells whether an earlier start was interrupted."""
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker = _starting(config)
    was_there = marker.exists()
    handle = os.open(marker, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        interrupted = was_there and bool(os.fstat(handle).st_nlink)  # else another one finished
        try:
            yield interrupted
        except Unfit:
            if not interrupted:
                marker.unlink(missing_ok=True)
            raise
    finally:
        os.close(handle)


def _starting(config: Config) -> Path:
    """Lies in the instance while a book is being started."""
    return config.instance / "starting.lock"
