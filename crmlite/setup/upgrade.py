"""Bringing a book from an older crmlite up to date: a backup first, then all of it or nothing."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flask import current_app

from crmlite import clock
from crmlite.accounts.operations import ensure_shipped
from crmlite.backups.operations import backup
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import is_busy, is_full
from crmlite.db.instance_lock import in_turn
from crmlite.db.migrate import Standing
from crmlite.extensions import database
from crmlite.jobs import running
from crmlite.jobs.operations import retry
from crmlite.jobs.queue import park_deserted
from crmlite.setup import settling
from crmlite.setup.fitness import Unfit
from crmlite.setup.shipping import ship
from crmlite.work import Gone, actors
from crmlite.work.aside import aside

log = logging.getLogger(__name__)


class UpgradeFailed(Unfit):
    """A migration failed and was taken back."""

    def __init__(self, kept: Path | None) -> None:
        where = f" The backup made before it is {kept}." if kept else ""
        super().__init__(
            f"The upgrade failed and was taken back: the book is as it was.{where} "
            "The log above says what happened."
        )


class NotSettled(Unfit):
    """The schema is the newest, and what is to be done afterwards failed."""

    def __init__(self) -> None:
        super().__init__(
            "The tables are up to date, but the figures could not be counted: the log above says why. "
            "Run crmlite upgrade again, or crmlite serve, which tries it again."
        )


def upgrade(say: Callable[[str], None]) -> Path | None:
    """Bring the book of the running application up to date; `say` is told each step.

    Answers the backup that was made first, None when there was nothing to change. The schema
    changes in one transaction, so that a failure or a crash leaves the book as it was. Raises
    UpgradeFailed, NotSettled, or what the backup raises. The caller has made sure that this is a book, and no
    newer one.
    """
    with in_turn(current_app.extensions["crmlite.config"]):
        return _upgrade(say)


def _upgrade(say: Callable[[str], None]) -> Path | None:
    kept = None
    if _is_behind():
        config: Config = current_app.extensions["crmlite.config"]
        kept = backup(config)
        say(f"Backed up to {kept}")
    _change_schema(kept)
    if (job_id := settling.waiting()) is None:
        by, at = actors.command_line(), clock.now()
        ensure_shipped(by=by, at=at)
        ship(by=by, at=at)
    else:
        _settle(job_id, say)
    say("The book is up to date." if kept is None else "The book is up to date now.")
    return kept


def _settle(job_id: int, say: Callable[[str], None]) -> None:
    """Do what the change of the schema leaves to be done, also what failed before and would be tried
    later or not again. Raises NotSettled."""
    say("Counting figures anew. When this is interrupted, `crmlite serve` begins it again.")
    with aside() as connection:
        park_deserted(connection, clock.now())
    with suppress(Gone):  # it has not failed, or somebody is at it
        retry(job_id, by=actors.command_line(), at=clock.now())
    match running.do_now(job_id, clock.now()):
        case None:
            say("Somebody is at it, or was until a moment ago; `crmlite serve` finishes it.")
        case False:
            raise NotSettled


def _is_behind() -> bool:
    with database.engine.connect() as connection:
        return migrate.standing(connection) is Standing.BEHIND


def _change_schema(kept: Path | None) -> None:
    try:
        migrate.upgrade(database.engine)
    except Exception as error:
        if is_busy(error) or is_full(error):
            raise
        log.exception("the upgrade failed")
        raise UpgradeFailed(kept) from error
