"""Reading segments: all of them, one of them, whom one takes, and where it is asked about."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.customers.lists import Asked, count_up_to
from crmlite.customers.models import Tag
from crmlite.extensions import database
from crmlite.rules.conditions import All, Node
from crmlite.segments.askers import asked_above
from crmlite.segments.models import Segment
from crmlite.segments.trees import asked_about, known, tree_of

Row = Mapping[str, Any]
TABLE, TAGS = Segment.__table__, Tag.__table__


def segments() -> Sequence[Row]:
    """All segments, in the order in which they were made."""
    return database.session.execute(select(TABLE).order_by(TABLE.c.id)).mappings().all()


def segment(segment_id: int) -> Row | None:
    """A segment as it is stored; None when there is none."""
    wanted = select(TABLE).where(TABLE.c.id == segment_id)
    return database.session.execute(wanted).mappings().first()


def count(tree: Node, reader: Reader, today: date) -> int:
    """How many customers in the reader's sight a condition takes; see `count_up_to`."""
    whole = tree if isinstance(tree, All) else All((tree,))
    return count_up_to(Asked(tree=whole), reader, today)


def uses(key: str) -> list[Mapping[str, str]]:
    """Where a segment is asked about: the labels of other segments, of tags with a rule, and of what
    rooms above keep, such as strategies."""
    return [label for label, tree in conditions_beside(key) if key in asked_about(tree)]


def conditions_beside(key: str) -> Iterator[tuple[Mapping[str, str], Node]]:
    """All conditions that may ask about a segment, each with the label of what it belongs to."""
    for one in known().values():
        if one.key != key and one.tree is not None:
            yield one.label, one.tree
    ruled = select(TAGS.c.label, TAGS.c.rule).where(TAGS.c.rule.is_not(None))
    for row in database.session.execute(ruled):
        if (tree := tree_of(row.rule)) is not None:
            yield row.label, tree
    yield from asked_above()
