"""Undo: what an operation changed is put back, except where people worked on since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from crmlite.extensions import database
from crmlite.work.actors import Actor
from crmlite.work.errors import Refused
from crmlite.work.ledger import ChangeRow, OperationRow
from crmlite.work.operations import current, operation
from crmlite.work.reversal import Undone, put_back


def undo(
    operation_id: int,
    *,
    by: Actor,
    at: datetime,
    source: str | None = None,
    form_key: str | None = None,
) -> Undone:
    """Put back what an operation, with all its batches, changed.

    A field that somebody changed since stays as it is now and its record is listed. Raises Refused
    (`already-undone`, `cannot-be-undone`).
    """
    answer = _undo(operation_id, by=by, at=at, source=source, form_key=form_key)
    kept = [(kind, record) for kind, record in answer["kept"]]
    return Undone(answer["restored"], kept, answer["operation"])


@operation("operation_undone")
def _undo(operation_id: int, *, by: Actor, at: datetime) -> dict[str, Any]:
    table = OperationRow.__table__
    already = select(table.c.id).where(table.c.undoes_id == operation_id)
    if database.session.execute(already).first():
        raise Refused("already-undone")
    changes = changes_of(operation_id)
    if not changes:
        raise Refused("cannot-be-undone")
    current().undoes = operation_id
    undone = put_back(changes)
    done = current().id if current().changes else 0
    return {"restored": undone.restored, "kept": undone.kept, "operation": done}


def changes_of(
    operation_id: int, root: tuple[str, int] | None = None
) -> Sequence[Mapping[str, Any]]:
    """What an operation with its batches changed, newest first; with `root` only what it did to
    that record and all that hangs on it."""
    operations, changes = OperationRow.__table__, ChangeRow.__table__
    parts = select(operations.c.id).where(
        or_(operations.c.id == operation_id, operations.c.part_of_id == operation_id)
    )
    wanted = select(changes).where(changes.c.operation_id.in_(parts))
    if root is not None:
        wanted = wanted.where(changes.c.root_type == root[0], changes.c.root_id == root[1])
    found = database.session.execute(wanted.order_by(changes.c.id.desc())).mappings()
    return [{**change} for change in found if change["diff"]]
