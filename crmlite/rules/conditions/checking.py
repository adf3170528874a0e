"""Says what is wrong with a condition before anything is asked of the database."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from crmlite.rules.conditions.dates import FromToday, Span, StartOf, is_whole
from crmlite.rules.conditions.figures import Figures, FromSetting
from crmlite.rules.conditions.operators import OPERATORS
from crmlite.rules.conditions.settling import NUMBERED, settled_test
from crmlite.rules.conditions.tree import (
    MAX_DEPTH,
    MAX_TESTS,
    Any,
    Me,
    Node,
    Scalar,
    Test,
    parts_of,
)
from crmlite.rules.dates import FIRST_YEAR, LAST_YEAR
from crmlite.rules.fields import Field
from crmlite.rules.problems import Problem
from crmlite.rules.text import unstorable
from crmlite.rules.wording import N_

MESSAGES = {
    "unknown_field": N_(
        "%(field)s cannot be asked here: there is no such field, its pack is off, or you may not "
        "see it."
    ),
    "order_impossible": N_(
        "A list cannot be sorted by %(field)s here; this one is sorted by name."
    ),
    "unknown_operator": N_("“%(operator)s” is not a question that can be asked."),
    "operator_not_for_field": N_("%(field)s cannot be asked “%(operator)s”."),
    "field_sealed": N_("%(field)s is kept encrypted and can only be filtered by: %(operators)s."),
    "value_missing": N_("%(field)s: please say which value."),
    "value_count": N_("%(field)s: please give at most %(most)s values."),
    "value_wrong": N_("%(field)s: “%(value)s” is not a value it can have."),
    "value_too_long": N_("%(field)s: a value to look for has at most %(most)s characters."),
    "choice_unknown": N_("%(field)s has no choice “%(value)s”."),
    "tail_digits": N_("%(field)s: please give exactly the last four digits."),
    "range_reversed": N_("%(field)s: the first value lies behind the second."),
    "too_deep": N_("The condition has more than %(most)s levels of brackets."),
    "too_many_tests": N_("The condition has more than %(most)s parts."),
    "asks_too_much": N_(
        "With those of the segments that it asks about, the condition has more than %(most)s parts, or "
        "too many segments within segments."
    ),
    "empty_group": N_("A group of alternatives needs at least one part."),
    "setting_gone": N_(
        "%(field)s is compared with the setting “%(setting)s”: there is no such setting, its pack is "
        "off, or it is no number that fits here."
    ),
}

Catalogue = Mapping[str, Field]
"""The fields that may be asked about, by name: for this reader, with their choices of now."""

Path = tuple[int, ...]
NO_FIGURES = Figures()
LONGEST_TEXT = 200
MOST_NUMBER = 10**15


def validate(tree: Node, catalogue: Catalogue, figures: Figures = NO_FIGURES) -> list[Problem]:
    """Everything that keeps a condition from being asked; empty when it can be. `figures` are what
    settings say now.

    Params name the field by its key; `explained()` puts its label in.
    """
    problems: list[Problem] = []
    tests = 0
    for node, path, depth in walk(tree):
        if depth > MAX_DEPTH:
            return [Problem("too_deep", {"most": MAX_DEPTH}, path=path)]
        if isinstance(node, Any) and not node.parts:
            problems.append(Problem("empty_group", path=path))
        if isinstance(node, Test):
            tests += 1
            if tests > MAX_TESTS:
                return [Problem("too_many_tests", {"most": MAX_TESTS}, path=path)]
            problems.extend(problems_of(node, catalogue, path, figures))
    return problems


def walk(tree: Node) -> Iterator[tuple[Node, Path, int]]:
    """Every node with its path and depth, in reading order; never recursing."""
    waiting: list[tuple[Node, Path, int]] = [(tree, (), 1)]
    while waiting:
        node, path, depth = waiting.pop()
        yield node, path, depth
        parts = list(enumerate(parts_of(node)))
        waiting.extend((part, (*path, place), depth + 1) for place, part in reversed(parts))


def problems_of(
    test: Test, catalogue: Catalogue, path: Path = (), figures: Figures = NO_FIGURES
) -> Iterator[Problem]:
    """What is wrong with one test."""
    field = catalogue.get(test.field)
    if field is None:
        yield Problem("unknown_field", {"field": test.field}, path=path)
        return
    operator = OPERATORS.get(test.operator)
    if operator is None:
        yield Problem("unknown_operator", {"operator": test.operator}, path=path)
        return
    if operator.name not in field.operators:
        yield not_for(field, operator.name, path)
        return
    most = 1 if field.traits.values == "flag" else operator.most
    if len(test.values) < operator.least:
        yield Problem("value_missing", {"field": field.name}, path=path)
    elif len(test.values) > most:
        yield Problem("value_count", {"field": field.name, "most": most}, path=path)
    else:
        yield from value_problems(field, settled_test(test, field, figures), path)


def not_for(field: Field, operator: str, path: Path) -> Problem:
    """The refusal of an operator, with the reason where it is that the field is sealed."""
    params: dict[str, object] = {"field": field.name, "operator": operator}
    if field.sealed:
        params["operators"] = field.operators
        return Problem("field_sealed", params, path=path)
    return Problem("operator_not_for_field", params, path=path)


def value_problems(field: Field, test: Test, path: Path) -> Iterator[Problem]:
    """What is wrong with the values of a test that is otherwise in order."""
    found = False
    for value in test.values:
        if problem := value_problem(field, test.operator, value):
            found = True
            code, params = problem
            yield Problem(code, {"field": field.name, **params}, path=path)
    if test.operator == "between" and not found and is_reversed(*test.values):
        yield Problem("range_reversed", {"field": field.name}, path=path)


def value_problem(
    field: Field, operator: str, value: Scalar
) -> tuple[str, dict[str, object]] | None:
    """The code and params of what is wrong with one value; None when nothing is."""
    if isinstance(value, FromSetting) and field.traits.values in NUMBERED:
        return "setting_gone", {"setting": value.name}
    if isinstance(value, str):
        if unstorable(value):
            return "value_wrong", {"value": ascii(value)[:LONGEST_TEXT]}
        if not value.strip():
            return "value_missing", {}
        if len(value) > LONGEST_TEXT:
            return "value_too_long", {"most": LONGEST_TEXT}
    if not fits(field.traits.values, operator, value):
        return "value_wrong", {"value": shown(value)}
    if operator == "ends" and not re.fullmatch(r"\d{4}", str(value), re.ASCII):
        return "tail_digits", {}
    if field.choices and field.choice(str(value)) is None:
        return "choice_unknown", {"value": value}
    return None


def fits(values: str, operator: str, value: Scalar) -> bool:
    """Whether a value is of the type that a kind of values is asked with."""
    match values:
        case "day" | "moment":
            return isinstance(value, Span) if operator == "during" else is_day(value)
        case "whole":
            return is_whole(value, MOST_NUMBER)
        case "number":
            if isinstance(value, float):
                return math.isfinite(value) and abs(value) <= MOST_NUMBER
            return is_whole(value, MOST_NUMBER)
        case "flag":
            return isinstance(value, bool)
        case "id":
            return isinstance(value, Me) or (is_whole(value, 2**63 - 1) and value > 0)  # type: ignore[operator]
    return isinstance(value, str)


def is_day(value: Scalar) -> bool:
    """Whether a value names a day: a date within range, or one that moves with the calendar."""
    if isinstance(value, date):
        return not isinstance(value, datetime) and FIRST_YEAR <= value.year <= LAST_YEAR
    return isinstance(value, FromToday | StartOf)


def is_reversed(low: Scalar, high: Scalar) -> bool:
    """Whether a range ends before it begins, as far as that can be said without a calendar."""
    match low, high:
        case (date(), date()) | (int() | float(), int() | float()):
            return low > high  # type: ignore[operator]
        case (FromToday(first, unit), FromToday(last, other)) if unit == other:
            return first > last
        case (StartOf(period, first), StartOf(other, last)) if period == other:
            return first > last
    return False


def shown(value: Scalar) -> str:
    """A value as it may stand in a message."""
    return str(value)[:LONGEST_TEXT]
