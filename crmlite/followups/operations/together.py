"""One thing done to many tasks, in short batches that let others write in between."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crmlite.followups.operations.planning import DONE, DROPPED, close_many, move_many
from crmlite.work import Actor, Hindered, current, operation
from crmlite.work.records import chunks

BATCH = 200
Batch = Callable[..., dict[str, int]]


@dataclass(frozen=True, slots=True)
class Done:
    """How it went: how many tasks changed, and the operation that undoes it all, 0 when none did.
    `hindered` says why it was cut short: `busy`, `full`, or empty."""

    operation: int
    number: int
    hindered: str = ""


def finish_tasks(
    task_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Done:
    """Tick many tasks off."""
    return _in_batches(task_ids, _finished, by, at, form_key)


def drop_tasks(
    task_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Done:
    """Decide not to do many tasks."""
    return _in_batches(task_ids, _dropped, by, at, form_key)


def move_tasks(
    task_ids: Sequence[int],
    due_on: date,
    *,
    by: Actor,
    at: datetime,
    assignee_id: int | None = None,
    form_key: str | None = None,
) -> Done:
    """Put many tasks on a day, and give them to one person when `assignee_id` names them."""

    def move(ids: Sequence[int], **more: object) -> dict[str, int]:
        return _moved(ids, due_on, assignee_id, **more)

    return _in_batches(task_ids, move, by, at, form_key)


def _in_batches(
    task_ids: Sequence[int], batch: Batch, by: Actor, at: datetime, form_key: str | None
) -> Done:
    """Later batches are parts of the first, so that one undo takes everything back. Raises Hindered
    while nothing was changed."""
    first, number = 0, 0
    for ids in chunks(task_ids, BATCH):
        key = f"{form_key}.{_digest(ids)}" if form_key else None
        try:
            done = batch(ids, by=by, at=at, form_key=key, part_of=first or None)
        except Hindered as hindered:
            if not first:
                raise
            return Done(first, number, hindered.code)
        first = first or done["operation"]
        number += done["changed"]
    return Done(first, number)


def _digest(ids: Sequence[int]) -> str:
    return hashlib.sha256(repr(ids).encode()).hexdigest()[:20]


@operation("tasks_finished")
def _finished(task_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    return _told(close_many(task_ids, DONE, by=by, at=at))


@operation("tasks_dropped")
def _dropped(task_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    return _told(close_many(task_ids, DROPPED, by=by, at=at))


@operation("tasks_moved")
def _moved(
    task_ids: Sequence[int], due_on: date, assignee_id: int | None, *, by: Actor, at: datetime
) -> dict[str, int]:
    more = {} if assignee_id is None else {"assignee_id": assignee_id}
    return _told(move_many(task_ids, due_on, more=more))


def _told(changed: Sequence[int]) -> dict[str, int]:
    return {"operation": current().id if changed else 0, "changed": len(changed)}
