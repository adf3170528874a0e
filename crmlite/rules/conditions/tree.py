"""A condition as a value: tests of single fields, joined by all, any and not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from crmlite.rules.conditions.dates import FromToday, Span, StartOf
from crmlite.rules.conditions.figures import FromSetting
from crmlite.rules.problems import Problem

MAX_DEPTH = 8
MAX_TESTS = 50
MAX_VALUES = 100
MAX_SPREAD = 200  # tests in all, those counted in that others stand for; SQLite takes no thousand


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever looks: as a person, oneself; as a team, the teams one is in."""

    def __str__(self) -> str:
        return "me"


ME = Me()

Scalar = str | int | float | bool | date | FromToday | StartOf | Span | Me | FromSetting


@dataclass(frozen=True, slots=True)
class Test:
    """One question about one field: its name, an operator, the values asked for.

    A value that is not there answers no question but `empty`, and the negative ones (`is_not`,
    `lacks`, `has_none`), which take everything their positive twin leaves.
    """

    __test__: ClassVar[bool] = False  # the name makes pytest think it were one of its own

    field: str
    operator: str
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts, every record is taken."""

    parts: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Node = All | Any | Not | Test

ALWAYS = All()
"""Takes every record; as `required_when`: always required."""


class Unreadable(ValueError):
    """A stored or sent condition is none. `problems` says what is wrong with which part."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "; ".join(f"{problem.code} {dict(problem.params)}" for problem in problems)
        )
        self.problems = tuple(problems)


def where(field: str, operator: str, *values: Scalar) -> Test:
    """One test, as it reads: `where("tier", "is", "strategic", "core")`."""
    return Test(field, operator, values)


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a node is made of; a test of nothing further."""
    match node:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
    return ()


def every_test(node: Node) -> Iterator[Test]:
    """Every test of a condition, in reading order, however deep."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Test):
            yield node
        waiting.extend(reversed(parts_of(node)))


def fields_used(node: Node) -> frozenset[str]:
    """The names of all fields a condition asks about."""
    return frozenset(test.field for test in every_test(node))


def settings_used(node: Node) -> frozenset[str]:
    """The names of all settings a condition takes values from."""
    return frozenset(
        value.name
        for test in every_test(node)
        for value in test.values
        if isinstance(value, FromSetting)
    )
