"""Whether somebody may put one earlier value back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.extensions import database
from crmlite.history.queries.glimpses import Record, glimpses
from crmlite.history.restoring import earlier, may_restore
from crmlite.work.ledger import ChangeRow
from crmlite.work.record_types import RecordType, record_types


def root_of_restorable(reader: Reader, change_id: int, field: str) -> Record | None:
    """The root record of a change whose earlier value the reader may put back.

    LookupError when there is nothing that the reader may know of; None when they may not do it.
    """
    table = ChangeRow.__table__
    row = database.session.execute(select(table).where(table.c.id == change_id)).mappings().first()
    kind = record_types().get(row["record_type"]) if row is not None else None
    if row is None or kind is None:
        raise LookupError(change_id)
    old = earlier(row["diff"], field)
    root = (row["root_type"], row["root_id"])
    if not _in_sight(reader, kind, root):
        raise LookupError(change_id)
    return root if _may(reader, kind, row, root, field, old) else None


def _may(
    reader: Reader, kind: RecordType, row: Mapping[Any, Any], root: Record, field: str, old: Any
) -> bool:
    record = (row["record_type"], row["record_id"])
    known = glimpses({root, record})
    return (
        row["verb"] == "update"
        and field != "state"
        and may_restore(
            reader,
            kind,
            field,
            old,
            record=known.get(record),
            root=known.get(root),
        )
    )


def _in_sight(reader: Reader, kind: RecordType, root: Record) -> bool:
    """Whether the reader sees the root record; of kinds without owner, whether they change them."""
    root_kind = record_types().get(root[0])
    if root_kind is None:
        return False
    table = root_kind.table
    if "scope" not in table.info:
        return bool(kind.edit) and reader.may(kind.edit)
    statement = visible_to(reader, select(table.c.id).where(table.c.id == root[1]))
    return database.session.execute(statement).first() is not None
