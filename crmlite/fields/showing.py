"""Further fields of a record as one reader may see them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table

from crmlite.access import Reader, Shown
from crmlite.access.sensitive import shown_inside
from crmlite.db.guarded_json import EXTRA, guarded
from crmlite.fields.values import extra_value, read_back
from crmlite.rules.fields import Field

Row = Mapping[str, Any]


def of_record(
    reader: Reader, table: Table, field: Field, row: Row, owner_id: int | None
) -> Shown | Any:
    """A field's value as a reader may see it: Shown where it is guarded, else as Python has it. The
    row has `extra`, and for guarded ones `id` and `uid`; `owner_id` is whose the record is, or the
    one that it hangs on."""
    if not (field.sensitive or field.sealed):
        return extra_value(field, (row[EXTRA] or {}).get(field.name))
    found = shown_inside(reader, table, field.name, row, owner_id=owner_id)
    if found.masked or found.value is None:
        return found
    return Shown(found.text, False, read_back(field, found.value))


def opened(
    reader: Reader, table: Table, names: Iterable[str], row: Row, owner_id: int | None
) -> tuple[dict[str, Any], list[str]]:
    """Values of a record as they are kept, what is sealed opened, and the names of those that the
    reader may not see, or nobody while it is not known how they are guarded; the row as above."""
    guards, values, unseen = guarded(table), {}, []
    for name in names:
        if guards.get(name) is None:
            values[name] = row[EXTRA][name]
            continue
        found = shown_inside(reader, table, name, row, owner_id=owner_id)
        if found.masked:
            unseen.append(name)
        else:
            values[name] = found.value
    return values, unseen
