"""Undo: what an operation changed is put back, except where people worked on since."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.work.actors import Actor
from crmlite.work.errors import Hindered, Refused
from crmlite.work.ledger import ChangeRow, OperationRow
from crmlite.work.operations import current, operation
from crmlite.work.record_types import record_types
from crmlite.work.records import CHUNK, UPDATED
from crmlite.work.reversal import Record, Undone, put_back

NOTHING_LEFT = ("already-undone", "cannot-be-undone")


def undo(
    operation_id: int,
    *,
    by: Actor,
    at: datetime,
    source: str | None = None,
    form_key: str | None = None,
    between: Callable[[Iterable[Record]], None] | None = None,
) -> Undone:
    """Put back what an operation, with all its batches, changed.

    Each batch is put back by itself, the latest first, so that others can write in between;
    `between` is called after each with the records of it that were left alone. What
    was put back of an operation that was hindered stays so, and undoing it again does the rest.
    A field that somebody changed since stays as it is now and its record is listed. Raises Refused
    (`already-undone`, `cannot-be-undone`), and Hindered while nothing was put back.
    """
    if is_final(operation_id):
        raise Refused("cannot-be-undone")
    whole = [*_batches_of(operation_id), operation_id]
    first, restored, hindered = 0, 0, ""
    kept: set[tuple[str, int]] = set()
    refusals: list[Refused] = []
    for batch_id in whole:
        key = f"{form_key}.{batch_id}" if form_key and batch_id != operation_id else form_key
        try:
            answer = _undo(
                batch_id, whole, by=by, at=at, source=source, form_key=key, part_of=first or None
            )
        except Refused as refusal:
            refusals.append(refusal)
            if refusal.code not in NOTHING_LEFT:  # a rule of its own kind forbids it
                kept |= {(one["record_type"], one["record_id"]) for one in _changes([batch_id])}
            continue
        except Hindered as hindrance:
            if not first:
                raise
            hindered = hindrance.code
            break
        first = first or answer["operation"]
        restored += answer["restored"]
        left_alone = {(kind, record) for kind, record in answer["kept"]}
        kept |= left_alone
        if between is not None:
            between(left_alone)
    if len(refusals) == len(whole):
        raise _foremost(refusals)
    return Undone(restored, sorted(kept), first, hindered)


@operation("operation_undone")
def _undo(operation_id: int, whole: Sequence[int], *, by: Actor, at: datetime) -> dict[str, Any]:
    table = OperationRow.__table__
    already = select(table.c.id).where(table.c.undoes_id == operation_id)
    if database.session.execute(already).first():
        raise Refused("already-undone")
    changes = list(_changes([operation_id]))
    if not changes:
        raise Refused("cannot-be-undone")
    current().undoes = operation_id
    undos = select(table.c.id).where(table.c.undoes_id.in_(whole))
    undone = put_back(changes, {*whole, *database.session.execute(undos).scalars()})
    done = current().id if current().changes else 0
    return {"restored": undone.restored, "kept": undone.kept, "operation": done}


def _foremost(refusals: Sequence[Refused]) -> Refused:
    """Of the refusals of all batches the one that tells most: a rule before that there is nothing
    left, and that it is undone before that there never was anything."""
    codes = [None, *NOTHING_LEFT]
    return min(refusals, key=lambda one: codes.index(one.code if one.code in codes else None))


def _batches_of(operation_id: int) -> Sequence[int]:
    """The batches of an operation besides itself, latest first."""
    table = OperationRow.__table__
    found = select(table.c.id).where(table.c.part_of_id == operation_id).order_by(table.c.id.desc())
    return database.session.execute(found).scalars().all()


def is_final(operation_id: int) -> bool:
    """Whether an operation is of those that nobody undoes as a whole."""
    table = OperationRow.__table__
    name = database.session.execute(select(table.c.name).where(table.c.id == operation_id)).scalar()
    return any(name in kind.final for kind in record_types().values())


def can_be_undone(operation_id: int) -> bool:
    """Whether an operation changed anything that an undo puts back, and is none that stays done."""
    if is_final(operation_id):
        return False
    return next(_changes([operation_id, *_batches_of(operation_id)]), None) is not None


def changes_of(
    operation_id: int, root: tuple[str, int] | None = None
) -> Sequence[Mapping[str, Any]]:
    """What an undo of an operation with its batches puts back, newest first; with `root` only what
    it did to that record and all that hangs on it."""
    return list(_changes([operation_id, *_batches_of(operation_id)], root))


def _changes(
    operations: Sequence[int], root: tuple[str, int] | None = None
) -> Iterator[Mapping[str, Any]]:
    changes = ChangeRow.__table__
    wanted = select(changes).where(changes.c.operation_id.in_(operations))
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
