"""One thing done to many records, in short batches that let others write in between."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crmlite.work.actors import Actor
from crmlite.work.errors import Hindered
from crmlite.work.operations import current
from crmlite.work.records import chunks

BATCH = 200
Batch = Callable[..., dict[str, int]]
"""An operation on some ids that answers what `batch_done` makes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: how many records changed, how many were left as they are, and the operation that
    undoes it all, 0 when none changed. `hindered` says why it was cut short: `busy`, `full`, or
    empty."""

    operation: int
    number: int
    left: int = 0
    hindered: str = ""


def in_batches(
    ids: Sequence[int], batch: Batch, *, by: Actor, at: datetime, form_key: str | None = None
) -> Outcome:
    """Do it to all, as far as it goes.

    Later batches are parts of the first, so that one undo takes everything back. A batch whose ids
    and key were sent before is not done again. Raises Hindered while nothing changed.
    """
    first, number, left = 0, 0, 0
    for some in chunks(ids, BATCH):
        key = f"{form_key}.{_digest(some)}" if form_key else None
        try:
            done = batch(some, by=by, at=at, form_key=key, part_of=first or None)
        except Hindered as hindered:
            if not first:
                raise
            return Outcome(first, number, left, hindered.code)
        first = first or done["operation"]
        number += done["changed"]
        left += done.get("left", 0)
    return Outcome(first, number, left)


def batch_done(changed: int, left: int = 0, *, noted: bool | None = None) -> dict[str, int]:
    """What the operation of one batch answers; belongs inside it. `noted` says whether it wrote
    something, which it did where something changed, unless it says otherwise."""
    wrote = changed > 0 if noted is None else noted
    return {"operation": current().id if wrote else 0, "changed": changed, "left": left}


def _digest(ids: Sequence[int]) -> str:
    """What tells batches apart: sent again, a list may hold others in its first batch."""
    return hashlib.sha256(repr(ids).encode()).hexdigest()[:20]
