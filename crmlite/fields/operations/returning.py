"""Fields that become again what they were: an undo, an earlier value."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmlite.fields.drafts import kept_choices
from crmlite.fields.models import FieldRow
from crmlite.fields.operations.editing import refuse_double, refuse_quick, row_of, rows_of
from crmlite.fields.record_kinds import is_telling
from crmlite.work import Gone, Refused, records


def restore_choices(choices: Mapping[int, Sequence[Mapping[str, Any]] | None]) -> None:
    """Give fields the choices again that they had; those that came since are offered no more, for
    there are records that have them. Belongs inside an operation. Raises Gone."""
    for field_id, had in choices.items():
        there = row_of(field_id).choices or ()
        records.update(FieldRow, field_id, {"choices": kept_choices(had or (), there) or None})


def may_return(_reader: Any, field_id: int, returning: Mapping[str, Any]) -> bool:
    """Whether what comes back of a field goes with those that are asked for by now, and records of a
    pack are still called and dated by one that is."""
    try:
        row = row_of(field_id)
        if returning.get("state") == "retired" and is_telling(row.record_type, row.name):
            return False
        _refuse_beside(row, returning)
    except Gone:  # nothing of it is left that could stand beside others
        return True
    except Refused:
        return False
    return True


def _refuse_beside(row: Any, returning: Mapping[str, Any]) -> None:
    if returning.get("state", row.state) != "active":
        return
    comes = row.state != "active"
    if comes or "label" in returning:
        label = returning.get("label") or row.label
        refuse_double(rows_of(row.record_type), label, besides=row.id)
    becomes_quick = returning.get("indexed", row.indexed) and (comes or not row.indexed)
    refuse_quick(row.record_type, becomes_quick)
