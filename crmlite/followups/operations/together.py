"""One thing done to many tasks, in short batches that let others write in between."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crmlite.followups.operations.planning import DONE, DROPPED, close_many, move_many
from crmlite.work import Actor, operation
from crmlite.work.batches import Outcome, batch_done, in_batches


def finish_tasks(
    task_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Outcome:
    """Tick many tasks off."""
    return in_batches(task_ids, _finished, by=by, at=at, form_key=form_key)


def drop_tasks(
    task_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Outcome:
    """Decide not to do many tasks."""
    return in_batches(task_ids, _dropped, by=by, at=at, form_key=form_key)


def move_tasks(
    task_ids: Sequence[int],
    due_on: date,
    *,
    by: Actor,
    at: datetime,
    assignee_id: int | None = None,
    form_key: str | None = None,
) -> Outcome:
    """Put many tasks on a day, and give them to one person when `assignee_id` names them."""

    def move(ids: Sequence[int], **more: Any) -> dict[str, int]:
        return _moved(ids, due_on, assignee_id, **more)

    return in_batches(task_ids, move, by=by, at=at, form_key=form_key)


@operation("tasks_finished")
def _finished(task_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    return batch_done(len(close_many(task_ids, DONE, by=by, at=at)))


@operation("tasks_dropped")
def _dropped(task_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    return batch_done(len(close_many(task_ids, DROPPED, by=by, at=at)))


@operation("tasks_moved")
def _moved(
    task_ids: Sequence[int], due_on: date, assignee_id: int | None, *, by: Actor, at: datetime
) -> dict[str, int]:
    more = {} if assignee_id is None else {"assignee_id": assignee_id}
    return batch_done(len(move_many(task_ids, due_on, more=more)))
