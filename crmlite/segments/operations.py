"""Making, changing and dropping segments. Whoever asks about one is looked at anew."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.conditions.lasting import problems_of
from crmlite.customers.tags.rules import have_all_looked_at
from crmlite.extensions import database
from crmlite.rules.conditions import ALWAYS, MAX_SPREAD, Node, to_json
from crmlite.segments.models import Segment
from crmlite.segments.queries import conditions_beside, uses
from crmlite.segments.trees import extent, is_circle, tree_of
from crmlite.work import Actor, Gone, Refused, current, operation, records

TABLE = Segment.__table__
KEY_BYTES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentChange:
    """A segment as it is to be: what it is called, and whom it takes."""

    label: Mapping[str, str]
    tree: Node


@operation("segment_created")
def create_segment(change: SegmentChange, *, by: Actor, at: datetime) -> int:
    """Make a segment; answers its id. Raises Refused (`segment-empty`, `segment-unsound`,
    `segment-exists`)."""
    key = secrets.token_hex(KEY_BYTES)
    _check(key, change)
    segment_id = records.insert(
        Segment, {"key": key, "label": dict(change.label), "tree": to_json(change.tree)}
    )
    have_all_looked_at()
    return segment_id


@operation("segment_updated")
def update_segment(
    segment_id: int, change: SegmentChange, *, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Change a segment; answers the id of the operation, 0 if nothing changed. Raises Gone, Stale,
    Refused as `create_segment` does, and `segment-circle`, `segment-too-much` where it would make another
    condition that asks about it too large."""
    _check(_key(segment_id), change)
    values = {"label": dict(change.label), "tree": to_json(change.tree)}
    if not records.update(Segment, segment_id, values, version=version):
        return 0
    have_all_looked_at()
    return current().id


@operation("segment_deleted")
def delete_segment(segment_id: int, *, by: Actor, at: datetime) -> int:
    """Take a segment away; the answer is the operation, which can be undone. Raises Gone, Refused
    (`segment-used`) for one that is asked about elsewhere."""
    if labels := uses(_key(segment_id)):
        raise Refused("segment-used", {"where": labels[0]})
    records.delete(Segment, segment_id)
    have_all_looked_at()
    return current().id


def fits_again(_reader: Any, segment_id: int, returning: Mapping[str, Any]) -> bool:
    """Whether a segment may become again what it was: conditions that came since may ask about it, or
    be asked about by it. One that goes away again must be asked about nowhere."""
    rows = _rows()
    key = next((row.key for row in rows if row.id == segment_id), returning.get("key"))
    if key is None:
        return True
    if not returning:
        return not uses(key)
    tree = tree_of(returning.get("tree"))
    try:
        if tree is not None:
            _check_beside(key, tree, rows)
    except Refused:
        return False
    return True


def _key(segment_id: int) -> str:
    found = database.session.execute(select(TABLE.c.key).where(TABLE.c.id == segment_id)).scalar()
    if found is None:
        raise Gone("segment", segment_id)
    return str(found)


def _check(key: str, change: SegmentChange) -> None:
    if change.tree == ALWAYS:
        raise Refused("segment-empty")
    if problems_of(change.tree):
        raise Refused("segment-unsound")
    rows = _rows()
    if any(row.label == change.label for row in rows if row.key != key):
        raise Refused("segment-exists")
    _check_beside(key, change.tree, rows)


def _rows() -> Sequence[Any]:
    return database.session.execute(select(TABLE)).all()


def _check_beside(key: str, changing: Node, rows: Sequence[Any]) -> None:
    """Refuse a condition that does not go with those of the other segments, or with what asks about
    this one."""
    before = {row.key: tree_of(row.tree) for row in rows}
    changed = {**before, key: changing}
    if is_circle(key, changed):
        raise Refused("segment-circle")
    for label, tree in conditions_beside(key):
        if extent(tree, before) <= MAX_SPREAD < extent(tree, changed):
            raise Refused("segment-too-much", {"where": label, "most": MAX_SPREAD})
