"""The order of fields, and fields that are asked for no more."""

from datetime import datetime

from crmlite import hooks
from crmlite.fields.following import follow
from crmlite.fields.models import FieldRow
from crmlite.fields.operations.editing import refuse_double, refuse_quick, row_of, rows_of
from crmlite.fields.record_kinds import is_telling
from crmlite.work import Actor, Refused, current, operation, records
from crmlite.work.operations import move_epoch


@operation("field_moved")
def move_field(field_id: int, steps: int, *, by: Actor, at: datetime) -> int:
    """Move a field up (steps below 0) or down among those that are asked for, as far as it goes.
    Answers the operation's id, 0 when it stays where it is. Raises Gone."""
    move_epoch()
    moved = row_of(field_id)
    rows = rows_of(moved.record_type)
    owners = ("", *hooks.enabled())
    asked = [r["id"] for r in rows if r["state"] == "active" and r["owner"] in owners]
    if field_id not in asked:
        return 0
    place, moving = asked.index(field_id), {*asked}
    asked.insert(max(0, place + steps), asked.pop(place))
    upcoming = iter(asked)  # the others stay where they are
    order = [next(upcoming) if row["id"] in moving else row["id"] for row in rows]
    places = {one: {"position": i} for i, one in enumerate(order)}
    return current().id if records.update_many(FieldRow, places) else 0


@operation("field_retired")
def retire_field(field_id: int, *, by: Actor, at: datetime) -> int:
    """Ask for a field no more; what records have of it is kept and shown. Answers the operation's id,
    0 when it was retired already. Raises Gone, Refused (`field-telling`) for one by which records of
    a pack are called or dated."""
    row = row_of(field_id)
    if is_telling(row.record_type, row.name):
        raise Refused("field-telling")
    if not records.update(FieldRow, field_id, {"state": "retired"}):
        return 0
    follow()
    return current().id


@operation("field_revived")
def revive_field(field_id: int, *, by: Actor, at: datetime) -> int:
    """Ask for a retired field again. Answers the operation's id, 0 when it is asked for. Raises Gone,
    Refused (`field-exists`, `fields-too-quick`)."""
    move_epoch()
    row = row_of(field_id)
    if row.state == "active":
        return 0
    refuse_double(rows_of(row.record_type), row.label, besides=field_id)
    refuse_quick(row.record_type, row.indexed)
    if not records.update(FieldRow, field_id, {"state": "active"}):
        return 0
    follow()
    return current().id
