"""Who may undo an operation: whoever sees and may change, as it is now, all that it changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from crmlite.access.permissions import ALL
from crmlite.access.readers import Reader
from crmlite.access.scope import visible_to
from crmlite.db.guarded_json import EXTRA, PREFIX, guarded
from crmlite.extensions import database
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.record_types import RecordType, record_types
from crmlite.work.records import DELETED, UPDATED

UNDO = "history:undo"
ANY_STATE = ("active", "archived", "deleted", "merged")
CHANGES = ChangeRow.__table__


def operation_row(operation_id: int) -> Any:
    """When an operation was done (`at`) and by whom (`user_id`); None when there is none."""
    table, actors = OperationRow.__table__, ActorRow.__table__
    return database.session.execute(
        select(table.c.id, table.c.at, actors.c.user_id)
        .join(actors, actors.c.id == table.c.actor_id)
        .where(table.c.id == operation_id)
    ).first()


def may_undo(reader: Reader, row: Any) -> bool:
    """Whether a reader may undo an operation with its batches: who did it, or holds the right to
    undo what others did.

    Putting back is a change like any other. It takes sight of the records and the right to change
    them, for every column the right that it asks for, and what the kinds of records ask for
    besides.
    """
    return has_rights(reader, row) and withholding(reader, row) is None


def has_rights(reader: Reader, row: Any) -> bool:
    """Whether a reader's rights reach that far."""
    if row.user_id != reader.user_id and not reader.may(UNDO):
        return False
    beyond = [one for kind in _kinds_changed(row.id) for one in _beyond(reader, kind)]
    if not beyond:
        return True
    wanted = select(CHANGES.c.id).where(_of(row.id), or_(*beyond)).limit(1)
    return database.session.execute(wanted).first() is None


def withholding(reader: Reader, row: Any) -> RecordType | None:
    """The kind of records that itself does not let all be put back; None when none is in the way."""
    kinds = list(_kinds_changed(row.id))
    return next((kind for kind in kinds if not _returnable(reader, kind, row.id)), None)


def _of(operation_id: int) -> ColumnElement[bool]:
    """The condition for changes of an operation, its batches included."""
    table = OperationRow.__table__
    return CHANGES.c.operation_id.in_(
        select(table.c.id).where(
            or_(table.c.id == operation_id, table.c.part_of_id == operation_id)
        )
    )


def _kinds_changed(operation_id: int) -> Iterator[RecordType]:
    kinds = record_types()
    names = select(CHANGES.c.record_type).distinct().where(_of(operation_id))
    for name in database.session.execute(names).scalars():
        if name in kinds:
            yield kinds[name]


def _beyond(reader: Reader, kind: RecordType) -> Iterator[ColumnElement[bool]]:
    """The conditions under which a change of such a record is beyond the reader."""
    of_kind = CHANGES.c.record_type == kind.name
    for right in (kind.see, kind.edit):
        if (unreached := _unreached(reader, kind, right)) is not None:
            yield and_(of_kind, unreached)
    for right, columns in _columns_by_right(kind).items():
        if (unreached := _unreached(reader, kind, right)) is not None:
            named = or_(*map(_is_changed, columns))
            yield and_(of_kind, CHANGES.c.verb == UPDATED, named, unreached)


def _is_changed(name: str) -> Any:
    """The condition that a change is one of a column, or of a further field (`extra.pack__field`)."""
    if not name.startswith(PREFIX):
        return CHANGES.c.diff[name].as_string().is_not(None)
    old, new = (
        CHANGES.c.diff[(EXTRA, place, name.removeprefix(PREFIX))].as_string() for place in (0, 1)
    )
    return old.is_distinct_from(new)


def _unreached(reader: Reader, kind: RecordType, right: str) -> ColumnElement[bool] | None:
    """The condition that a right, and sight, do not reach what was changed; None when they reach all
    of it."""
    unreached = _root_unreached(reader, kind, right)
    if unreached is None or (beside := _beside(reader, kind, right)) is None:
        return unreached
    return and_(unreached, ~beside)


def _beside(reader: Reader, kind: RecordType, right: str) -> ColumnElement[bool] | None:
    """The condition that what was changed is reached by another way; None where there is none. Of a
    row that was taken away the change itself says along which record it was reached."""
    if kind.along is None:
        return None if kind.beside is None else CHANGES.c.record_id.in_(kind.beside(reader, right))
    name, column = kind.along
    beside = record_types()[name].beside
    if beside is None:
        return None
    others = beside(reader, right)
    there = select(kind.table.c.id).where(kind.table.c[column].in_(others))
    was = func.coalesce(CHANGES.c.diff[(column, 0)].as_integer(), 0)
    return or_(CHANGES.c.record_id.in_(there), and_(CHANGES.c.verb == DELETED, was.in_(others)))


def _root_unreached(reader: Reader, kind: RecordType, right: str) -> ColumnElement[bool] | None:
    """The condition that a right, and sight, do not reach the record that a change hangs on."""
    root = record_types().get(kind.root[0])
    if root is None or "scope" not in root.table.info:
        return None if not right or reader.may(right) else CHANGES.c.id > 0
    table = root.table
    rights = {table.info["scope"]["permission"], right} - {""}
    if all(reader.scope(one) == ALL for one in rights):
        return None
    reached = select(table.c.id).where(table.c.id == CHANGES.c.root_id).correlate(CHANGES)
    return ~visible_to(reader, reached, states=ANY_STATE, permission=right or None).exists()


def _columns_by_right(kind: RecordType) -> Mapping[str, Iterable[str]]:
    """Which columns ask for a right of their own, by that right."""
    found: dict[str, set[str]] = {}
    inside = {PREFIX + key: guard.right for key, guard in guarded(kind.table).items()}
    for rights in (kind.rights, kind.table.info.get("sensitive", {}), inside):
        for name, right in rights.items():
            found.setdefault(right, set()).add(name)
    return found


def _returnable(reader: Reader, kind: RecordType, operation_id: int) -> bool:
    """Whether the kind itself lets the reader put back all that was changed of its records."""
    if kind.returnable is None:
        return True
    wanted = select(CHANGES.c.record_id, CHANGES.c.verb, CHANGES.c.diff).where(
        _of(operation_id), CHANGES.c.record_type == kind.name
    )
    return all(
        kind.returnable(
            reader,
            change.record_id,
            {name: old for name, (old, _) in change.diff.items()}
            if change.verb in (UPDATED, DELETED)
            else {},
        )
        for change in database.session.execute(wanted)
    )
