"""Who may put an earlier value back, and which values can be."""

from typing import Any

from crmlite.access import Reader
from crmlite.db.guarded_json import EXTRA, PREFIX, guard_of
from crmlite.history.queries.glimpses import Glimpse
from crmlite.work.record_types import RecordType

RESTORE = "history:restore"
RESTORE_RECORDS = "trash:restore"


def may_restore(
    reader: Reader,
    kind: RecordType,
    name: str,
    value: Any,
    *,
    record: Glimpse | None,
    root: Glimpse | None,
) -> bool:
    """Whether a reader may give a field this value again with one action.

    That takes the right to restore, the right to change such records, and for a sensitive field
    the right to see it. A state is restored by bringing the record back from the recycle bin.
    """
    if record is None or root is None or not kind.edit:
        return False
    if not _owns_up(reader, kind.edit, root):
        return False
    if name == "state":
        return value == "active" and record.state == "deleted" and reader.may(RESTORE_RECORDS)
    if not reader.may(RESTORE) or root.state != "active" or record.state == "deleted":
        return False
    if name in kind.fixed or name in kind.lasting or not _can_hold(kind, name, value):
        return False
    if kind.returnable is not None and not kind.returnable(reader, record.id, {name: value}):
        return False
    rights = {kind.see, kind.rights.get(name), kind.table.info.get("sensitive", {}).get(name)}
    if guard := guard_of(kind.table, name):
        if guard.gone:
            return False
        rights.add(guard.right)
    return all(_owns_up(reader, right, root) for right in rights if right)


def _can_hold(kind: RecordType, name: str, value: Any) -> bool:
    """Whether the field can be written alone, and take this value."""
    if name in kind.restorers:
        return True
    if name.startswith(PREFIX):
        return EXTRA in kind.table.c
    column = kind.table.c.get(name)
    return column is not None and (value is not None or bool(column.nullable))


def _owns_up(reader: Reader, right: str, root: Glimpse) -> bool:
    """Whether a right reaches the record; of records that nobody owns, whether it is held."""
    if "owner_id" in root.kind.table.c:
        return reader.covers(right, root.owner_id)
    return reader.may(right)
