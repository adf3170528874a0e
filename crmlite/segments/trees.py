"""The conditions of segments, and what they become where one of them asks about others."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from crmlite import settings
from crmlite.extensions import database
from crmlite.rules.conditions import (
    MAX_SPREAD,
    All,
    Any,
    Node,
    Not,
    Test,
    Unreadable,
    every_test,
    from_json,
    parts_of,
)
from crmlite.segments.models import Segment

FIELD = "segment"
NOBODY = Any(())
DEEPEST = 40  # levels of a condition with those of its segments, as deep as statements may nest
KEY = "crmlite.segments"
TABLE = Segment.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A segment as conditions ask about it; without `tree` it cannot be read, and takes nobody."""

    key: str
    label: Mapping[str, str]
    tree: Node | None


def known() -> Mapping[str, Known]:
    """All segments by key, in the order in which they were made; read once for each of the firm's
    arrangements."""
    now = settings.memory()
    kept: tuple[settings.Memory, dict[str, Known]] | None = current_app.extensions.get(KEY)
    if kept is None or kept[0] is not now:
        rows = database.session.execute(select(TABLE).order_by(TABLE.c.id)).mappings()
        found = {
            row["key"]: Known(key=row["key"], label=row["label"], tree=tree_of(row["tree"]))
            for row in rows
        }
        kept = current_app.extensions[KEY] = (now, found)
    return kept[1]


def tree_of(stored: object) -> Node | None:
    """A stored condition; None for one that cannot be read."""
    try:
        return from_json(stored)
    except Unreadable:
        return None


def asked_about(tree: Node) -> frozenset[str]:
    """The keys of the segments that a condition asks about."""
    tests = (test for test in every_test(tree) if test.field == FIELD)
    return frozenset(str(value) for test in tests for value in test.values)


def is_circle(key: str, trees: Mapping[str, Node | None]) -> bool:
    """Whether a segment depends on itself, by way of others or not."""
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        tree = trees.get(waiting.pop())
        further = asked_about(tree) if tree is not None else frozenset()
        if key in further:
            return True
        waiting += further - seen
        seen |= further
    return False


def spread(
    tree: Node, trees: Mapping[str, Node | None], above: frozenset[str] = frozenset()
) -> Node:
    """A condition with the conditions of the segments that it asks about put in their places. One that
    is gone, or that depends on itself, takes nobody."""
    match tree:
        case All(parts):
            return All(tuple(spread(part, trees, above) for part in parts))
        case Any(parts):
            return Any(tuple(spread(part, trees, above) for part in parts))
        case Not(part):
            return Not(spread(part, trees, above))
        case Test() if tree.field == FIELD:
            return taken(tree, trees, above)
    return tree


def taken(
    test: Test, trees: Mapping[str, Node | None], above: frozenset[str] = frozenset()
) -> Node:
    """What a test of segments asks, as the conditions of these."""
    parts = tuple(_one(key, trees, above) for key in _keys(test, trees))
    match test.operator:
        case "has_all":
            return All(parts)
        case "has_none" | "empty":
            return Not(Any(parts))
    return Any(parts)


def extent(tree: Node, trees: Mapping[str, Node | None]) -> int:
    """How many tests a condition comes to, with those of the segments that it asks about; one that goes
    too deep comes to too many. It is counted no further than to one too many: of segments that each ask
    twice about the next, the last asks a million things when there are twenty."""
    found = 0
    waiting: list[tuple[Node, frozenset[str], int]] = [(tree, frozenset(), 1)]
    while waiting and found <= MAX_SPREAD:
        node, above, depth = waiting.pop()
        if depth > DEEPEST:
            return MAX_SPREAD + 1
        parts = [(part, above) for part in parts_of(node)]
        found += not parts
        if isinstance(node, Test) and node.field == FIELD:
            for key in _keys(node, trees):
                part = None if key in above else trees.get(key)
                parts.append((NOBODY if part is None else part, above | {key}))
        waiting += [(part, further, depth + 1) for part, further in parts]
    return found


def _keys(test: Test, trees: Mapping[str, Node | None]) -> list[str]:
    """The segments that a test asks about: all of them where it names none."""
    return [str(value) for value in test.values] or list(trees)


def _one(key: str, trees: Mapping[str, Node | None], above: frozenset[str]) -> Node:
    tree = trees.get(key)
    if tree is None or key in above:
        return NOBODY
    return spread(tree, trees, above | {key})
