"""Doing one job: its effect and the note that it is done are one transaction."""

import logging
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from crmlite import clock
from crmlite.jobs import queue, reasons, signs
from crmlite.jobs.queue import Claim, Lease, LeaseLost
from crmlite.work import Actor, Refused, actors, epoch, operation
from crmlite.work.checks import Finding

log = logging.getLogger(__name__)
LONGEST_ERROR = 500


class JobFailed(Exception):
    """A job says why it could not be done, in a sentence marked by `N_` that managers read, filled in
    with `params`."""

    def __init__(self, text: str, **params: Any) -> None:
        self.reason = Finding(text, params)
        super().__init__(str(self.reason))


def do(claimed: Claim) -> bool:
    """Do a job that was claimed; whether it went well.

    What goes wrong is written down and tried again later; nothing of the attempt is kept.
    """
    about = {"kind": claimed.kind.name, "job": claimed.id}
    by, at = actors.job(claimed.kind.name), clock.now()
    epoch.forget()  # it was read while work was looked for
    try:
        if claimed.kind.long:
            claimed.kind.run(claimed.payload, by=by, at=at, lease=Lease(claimed))
            _close(claimed, by=by, at=clock.now())
        else:
            _carry_out(claimed, by=by, at=at)
    except LeaseLost:
        log.warning("another worker has taken over", extra=about)
        return False
    except Exception as error:
        log.exception("a job failed", extra=about)
        _note_failure(claimed, error)
        return False
    log.info("a job is done", extra=about)
    return True


def do_now(job_id: int, at: datetime) -> bool | None:
    """Do one job here and now; whether it went well, or None where a worker is doing it already."""
    claimed = queue.claim(signs.Identity.new(at).owner, at, only=job_id)
    return None if claimed is None else do(claimed)


@operation("job_done")
def _carry_out(claimed: Claim, *, by: Actor, at: datetime) -> None:
    claimed.kind.run(claimed.payload, by=by, at=at)
    queue.finish(claimed, clock.now())


@operation("job_done")
def _close(claimed: Claim, *, by: Actor, at: datetime) -> None:
    queue.finish(claimed, at)


def _note_failure(claimed: Claim, error: Exception) -> None:
    try:
        queue.fail(claimed, described(error), clock.now())
    except LeaseLost:
        log.warning("another worker has taken over", extra={"kind": claimed.kind.name})


def described(error: Exception) -> str:
    """What is kept of a failure for a manager: why, without data that the message may hold."""
    if isinstance(error, JobFailed):
        return reasons.kept(error.reason)
    if isinstance(error, Refused):
        return str(error)[:LONGEST_ERROR]
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    kind = type(error.orig if isinstance(error, DBAPIError) and error.orig else error).__name__
    steps = traceback.extract_tb(error.__traceback__)
    return f"{kind} ({Path(steps[-1].filename).name}:{steps[-1].lineno})" if steps else kind
