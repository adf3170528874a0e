"""Who may put an earlier value back, and which values can be."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmlite.access import Reader
from crmlite.db.guarded_json import EXTRA, PREFIX, guard_of
from crmlite.history.queries.glimpses import Glimpse
from crmlite.work.record_types import RecordType

RESTORE = "history:restore"
RESTORE_RECORDS = "trash:restore"


def earlier(diff: Mapping[str, Sequence[Any]], name: str) -> Any:
    """The value that a field had before a change, a further field by its own name
    (`extra.custom__colour`). Raises KeyError when the change is none of this field."""
    if not name.startswith(PREFIX):
        if name == EXTRA:  # each of them asks for rights of its own
            raise KeyError(name)
        return diff[name][0]
    key = name.removeprefix(PREFIX)
    old, new = (kept or {} for kept in diff[EXTRA])
    if old.get(key) == new.get(key):
        raise KeyError(name)
    return old.get(key)


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
    the right to see it, and what such records ask for besides. A state is restored by bringing the
    record back from the recycle bin.
    """
    if record is None or root is None or not kind.edit:
        return False
    if not _owns_up(reader, kind.edit, root):
        return False
    if name == "state":
        if value != "active" or record.state != "deleted" or not reader.may(RESTORE_RECORDS):
            return False
    elif not (reader.may(RESTORE) and _stands(record, root) and _can_return(kind, name, value)):
        return False
    rights = {kind.see, kind.rights.get(name), kind.table.info.get("sensitive", {}).get(name)}
    if guard := guard_of(kind.table, name):
        if guard.gone:
            return False
        rights.add(guard.right)
    if not all(_owns_up(reader, right, root) for right in rights if right):
        return False
    return kind.returnable is None or kind.returnable(reader, record.id, {name: value})


def _stands(record: Glimpse, root: Glimpse) -> bool:
    """Whether a record is in everyday use, as far as what it hangs on goes."""
    return root.state == "active" and record.state != "deleted"


def _can_return(kind: RecordType, name: str, value: Any) -> bool:
    """Whether the field is one that is restored on its own, and can be."""
    return name not in {*kind.fixed, *kind.lasting} and _can_hold(kind, name, value)


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
