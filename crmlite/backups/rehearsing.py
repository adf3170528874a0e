"""The rehearsal: the newest backup is restored on trial, so that one knows that it can be.
It is unpacked by `scratch.py`, and compared by `proof.py`."""

from datetime import datetime

from flask import current_app

from crmlite.backups import archive, operations, places, scratch
from crmlite.backups.refusal import BackupRefused, BackupUnusable, CannotTake
from crmlite.config import Config
from crmlite.db.keys import ring
from crmlite.wording import N_
from crmlite.work import Actor

GONE = N_("There is no backup to try.")


def rehearse(*, by: Actor, at: datetime) -> str:
    """Restore the newest backup into a scratch place, compare it with what was written down, and
    throw it away; answers its name. Raises BackupUnusable when it does not stand the test; CannotTake
    when this machine could not try it: then nothing is written down about the file.

    Needs no recovery code: the keys are those of the running book.
    """
    config: Config = current_app.extensions["crmlite.config"]
    there = places.files(config.backups_folder)
    if not there:
        raise BackupUnusable(GONE)
    path, made_at = there[0], places.made_at(there[0].name)
    assert made_at is not None
    failure: BackupRefused | None = None
    try:
        with (
            archive.opened(path) as packed,
            scratch.unpacked(config, packed, ring(), at),
        ):
            pass
    except CannotTake:
        raise
    except BackupRefused as error:
        failure = error
    operations.note_proof(path.name, made_at, failure, by=by, at=at)
    if failure is not None:
        raise failure
    return path.name
