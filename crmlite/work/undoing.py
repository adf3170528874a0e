"""Undo: what an operation changed is put back, except where people worked on since."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from crmlite.extensions import database
from crmlite.work.actors import Actor
from crmlite.work.errors import Refused
from crmlite.work.ledger import ChangeRow, OperationRow
from crmlite.work.operations import current, operation
from crmlite.work.record_types import record_types
from crmlite.work.records import CHUNK, UPDATED
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


def can_be_undone(operation_id: int) -> bool:
    """Whether an operation changed anything that an undo puts back."""
    return next(_changes(operation_id), None) is not None


def changes_of(
    operation_id: int, root: tuple[str, int] | None = None
) -> Sequence[Mapping[str, Any]]:
    """What an undo of an operation with its batches puts back, newest first; with `root` only what
    it did to that record and all that hangs on it."""
    return list(_changes(operation_id, root))


def _changes(operation_id: int, root: tuple[str, int] | None = None) -> Iterator[Mapping[str, Any]]:
    operations, changes = OperationRow.__table__, ChangeRow.__table__
    parts = select(operations.c.id).where(
        or_(operations.c.id == operation_id, operations.c.part_of_id == operation_id)
    )
    wanted = select(changes).where(changes.c.operation_id.in_(parts))
    if root is not None:
        wanted = wanted.where(changes.c.root_type == root[0], changes.c.root_id == root[1])
    ordered = wanted.order_by(changes.c.id.desc()).execution_options(yield_per=CHUNK)
    with database.session.execute(ordered) as found:
        for change in found.mappings():
            if diff := _reversible(change):
                yield {**change, "diff": diff}


def _reversible(change: Mapping[Any, Any]) -> Mapping[str, Any]:
    kind, diff = record_types().get(change["record_type"]), change["diff"]
    if kind is None or change["verb"] != UPDATED:
        return {**diff}
    return {name: pair for name, pair in diff.items() if name not in kind.lasting}
