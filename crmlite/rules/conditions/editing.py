"""A condition while somebody builds it: groups of tests and of groups, each changed at its place.

A group says how its parts are joined: `all` of them hold, `any` of them, or `none` of them. What is
tested stands at a path, such as (1, 0): the first part of the second part. A group may be empty while
it is built; what is made of it leaves empty groups out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crmlite.rules.conditions.stored import from_json, to_json
from crmlite.rules.conditions.tree import (
    MAX_DEPTH,
    MAX_TESTS,
    All,
    Any,
    Node,
    Not,
    Test,
    Unreadable,
)
from crmlite.rules.problems import Problem

ALL, ANY, NONE = "all", "any", "none"
JOINS = (ALL, ANY, NONE)
DEEPEST = (MAX_DEPTH - 1) // 2  # groups within groups: each may take two levels of what is kept

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Tests and groups, and how they are joined: `all`, `any` or `none`."""

    join: str = ALL
    parts: "tuple[Part, ...]" = ()

    def __post_init__(self) -> None:
        """Refuse a way of joining that there is not."""
        if self.join not in JOINS:
            raise ValueError(f"join {self.join!r}")


Part = Group | Test


class NoSuchPlace(LookupError):
    """A path leads nowhere."""


def group_of(node: Node) -> Group:
    """The group that shows a condition."""
    part = _part(node)
    return part if isinstance(part, Group) else Group(ALL, (part,))


def _part(node: Node) -> Part:
    match node:
        case All(parts):
            return Group(ALL, tuple(map(_part, parts)))
        case Any(parts):
            return Group(ANY, tuple(map(_part, parts)))
        case Not(Any(parts)):
            return Group(NONE, tuple(map(_part, parts)))
        case Not(part):
            return Group(NONE, (_part(part),))
    return node


def condition_of(group: Group) -> Node:
    """The condition that a group shows; `All()`, which takes everyone, where nothing is asked."""
    return _node(group) or All()


def _node(part: Part) -> Node | None:
    if isinstance(part, Test):
        return part
    parts = tuple(node for node in map(_node, part.parts) if node is not None)
    if not parts:
        return None
    match part.join:
        case "all":
            return All(parts)
        case "any":
            return Any(parts)
    return Not(Any(parts))


def at(group: Group, path: Path) -> Part:
    """What stands at a path; the whole at (). Raises NoSuchPlace."""
    found: Part = group
    for place in path:
        if not isinstance(found, Group) or not 0 <= place < len(found.parts):
            raise NoSuchPlace(path)
        found = found.parts[place]
    return found


def put(group: Group, path: Path, part: Part) -> Group:
    """The group with a part at a path: in place of what stands there, or behind the last one. Raises
    NoSuchPlace."""
    if not path:
        if isinstance(part, Group):
            return part
        raise NoSuchPlace(path)
    above = at(group, path[:-1])
    if not isinstance(above, Group) or not 0 <= path[-1] <= len(above.parts):
        raise NoSuchPlace(path)
    parts = (*above.parts[: path[-1]], part, *above.parts[path[-1] + 1 :])
    return put(group, path[:-1], replace(above, parts=parts))


def added(group: Group, path: Path, part: Part) -> Group:
    """The group with a part behind the others of the group at a path. Raises NoSuchPlace."""
    above = at(group, path)
    if not isinstance(above, Group):
        raise NoSuchPlace(path)
    return put(group, (*path, len(above.parts)), part)


def without(group: Group, path: Path) -> Group:
    """The group without what stands at a path; the empty group for the whole. Raises NoSuchPlace."""
    at(group, path)
    if not path:
        return Group()
    above = at(group, path[:-1])
    assert isinstance(above, Group)
    parts = (*above.parts[: path[-1]], *above.parts[path[-1] + 1 :])
    return put(group, path[:-1], replace(above, parts=parts))


def joined(group: Group, path: Path, join: str) -> Group:
    """The group with the parts of the group at a path joined otherwise. Raises NoSuchPlace, and
    ValueError for a way of joining that there is not."""
    found = at(group, path)
    if not isinstance(found, Group):
        raise NoSuchPlace(path)
    return put(group, path, replace(found, join=join))


def places(group: Group, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """Everything there is with its path, in reading order, the whole first."""
    yield path, group
    for place, part in enumerate(group.parts):
        if isinstance(part, Group):
            yield from places(part, (*path, place))
        else:
            yield (*path, place), part


def group_to_json(group: Group) -> dict[str, object]:
    """A group as it goes along with a form, empty groups with it: `{"any": [...], ...}`."""
    parts = [group_to_json(one) if isinstance(one, Group) else to_json(one) for one in group.parts]
    return {group.join: parts}


def group_from_json(data: object) -> Group:
    """The group that a form sent. Raises Unreadable, whatever it is given."""
    part = _read(data, 1)
    if not isinstance(part, Group):
        raise Unreadable([Problem("condition_unreadable")])
    if sum(1 for _place in places(part)) > MAX_TESTS * 2:
        raise Unreadable([Problem("too_many_tests", {"most": MAX_TESTS})])
    return part


def _read(data: object, depth: int) -> Part:
    if depth > MAX_DEPTH:
        raise Unreadable([Problem("too_deep", {"most": MAX_DEPTH})])
    if isinstance(data, dict) and len(data) == 1:
        ((join, parts),) = data.items()
        if join in JOINS and isinstance(parts, list) and len(parts) <= MAX_TESTS:
            return Group(join, tuple(_read(part, depth + 1) for part in parts))
    node = from_json(data)
    if isinstance(node, Test):
        return node
    raise Unreadable([Problem("condition_unreadable")])
