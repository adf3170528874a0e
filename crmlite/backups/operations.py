"""Making a backup and writing down how it went; asking for one; taking one away."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from crmlite import clock
from crmlite.backups import making
from crmlite.backups.making import Made
from crmlite.backups.models import DAMAGED, FAILED, GOOD, BackupRow
from crmlite.backups.refusal import BackupRefused
from crmlite.config import Config
from crmlite.extensions import database
from crmlite.jobs.models import READY, RUNNING, Job
from crmlite.jobs.queue import enqueue
from crmlite.work import Actor, current, operation, records
from crmlite.work.chain import seal_ledger

BY_HAND = "make-backup"

table = BackupRow.__table__


def backup(config: Config, file: Path | None = None) -> Path:
    """Back a book up, also one of an older schema; answers where to. Writes nothing into the book.

    Raises BackupFailed, KeysMissing or KeysDamaged.
    """
    return making.make(config, file, at=clock.now()).path


def make(file: Path | None = None, *, by: Actor, at: datetime) -> Made:
    """Back the running application's book up, its ledger sealed to the last operation.

    How it went is written down; raises BackupRefused when it went wrong.
    """
    config: Config = current_app.extensions["crmlite.config"]
    started = time.monotonic()
    seal_ledger(by=by, at=at, whole=True)
    try:
        made = making.make(config, file, at=at)
    except BackupRefused as error:
        _note_failure(error, time.monotonic() - started, by=by, at=at)
        raise
    elsewhere = made.path.parent != config.backups_folder
    _note_made(made, elsewhere, time.monotonic() - started, by=by, at=at)
    return made


@operation("backup_made")
def _note_made(made: Made, elsewhere: bool, seconds: float, *, by: Actor, at: datetime) -> int:
    return records.insert(
        BackupRow,
        {
            "name": made.path.name,
            "elsewhere": elsewhere,
            "made_at": at,
            "seconds": round(seconds, 2),
            "bytes": made.size,
            "rows": made.manifest.facts.rows,
            "encrypted": bool(made.manifest.salt),
            "state": GOOD,
        },
    )


@operation("backup_failed")
def _note_failure(error: BackupRefused, seconds: float, *, by: Actor, at: datetime) -> int:
    values = {"name": "", "made_at": at, "seconds": round(seconds, 2), "state": FAILED}
    return records.insert(BackupRow, values | {"reason": reason_of(error)})


@operation("backup_proven")
def note_proof(
    name: str, made_at: datetime, error: BackupRefused | None, *, by: Actor, at: datetime
) -> int:
    """Write down that a backup could be restored on trial, or that it could not."""
    backup_id = row_of(name, made_at)
    outcome: dict[str, Any] = {"state": GOOD, "reason": None, "proven_at": at}
    if error is not None:
        outcome = {"state": DAMAGED, "reason": reason_of(error)}
    records.update(BackupRow, backup_id, outcome)
    return backup_id


@operation("backup_downloaded")
def note_download(name: str, made_at: datetime, *, by: Actor, at: datetime) -> int:
    """Write down that somebody takes a backup away."""
    backup_id = row_of(name, made_at)
    records.note(BackupRow, backup_id, {"downloaded": [None, name]})
    return backup_id


@operation("backup_restored")
def note_restore(name: str, made_at: datetime, *, by: Actor, at: datetime) -> int:
    """Write down, in the book that was restored, that it was."""
    backup_id = row_of(name, made_at)
    records.note(BackupRow, backup_id, {"restored": [None, name]})
    return backup_id


@operation("backup_requested")
def request(*, by: Actor, at: datetime) -> bool:
    """Have a backup made in the background; False when one is waiting or under way already."""
    jobs = Job.__table__
    waiting = select(jobs.c.id).where(jobs.c.kind == BY_HAND, jobs.c.state.in_((READY, RUNNING)))
    if database.session.execute(waiting).first() is not None:
        return False
    enqueue(BY_HAND)
    _ = current().id  # a request stands in the ledger, though it changes no record
    return True


def row_of(name: str, made_at: datetime) -> int:
    """The row of a file; one is made for a file that came from elsewhere."""
    found = database.session.execute(
        select(table.c.id).where(table.c.name == name).order_by(table.c.id.desc()).limit(1)
    ).scalar()
    if found is not None:
        return int(found)
    values = {"name": name, "made_at": made_at, "seconds": 0.0, "state": GOOD}
    return records.insert(BackupRow, values)


def reason_of(error: BackupRefused) -> dict[str, Any]:
    """Why, in a form that can be put into the words of any language."""
    return {"text": error.finding.text, "params": dict(error.finding.params)}
