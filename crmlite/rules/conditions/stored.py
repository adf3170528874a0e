"""A condition as JSON: how it is kept in the book, sent by the API and written into packs.

    {"all": [{"field": "tier", "operator": "is", "values": ["strategic", "core"]},
             {"not": {"field": "last_contact", "operator": "after",
                      "values": [{"from_today": "-60d"}]}}]}

Values are texts, numbers, true and false, and `{"date": "2024-05-01"}`, `{"from_today": "-60d"}`,
`{"start_of": "quarter-1"}`, `{"span": "month"}`, `{"who": "me"}`; what a setting holds, as a number
`{"setting": "many_orders"}`, as a day `{"days_ago": "silent_days"}` or `{"days_ahead": "renew_days"}`.
"""

import math
from collections.abc import Callable
from datetime import date

from crmlite.rules.conditions.dates import (
    FromToday,
    Span,
    StartOf,
    day_from_text,
    from_today_of,
    span_of,
    start_of,
)
from crmlite.rules.conditions.figures import (
    AGO,
    AHEAD,
    FromSetting,
    days_ago_of,
    days_ahead_of,
    setting_of,
)
from crmlite.rules.conditions.tree import (
    MAX_DEPTH,
    MAX_TESTS,
    MAX_VALUES,
    ME,
    All,
    Any,
    Me,
    Node,
    Not,
    Scalar,
    Test,
    Unreadable,
    every_test,
)
from crmlite.rules.problems import Problem
from crmlite.rules.text import unstorable
from crmlite.rules.wording import N_

MESSAGES = {
    "condition_unreadable": N_("This is not a condition that crmlite can read."),
    "condition_value_unreadable": N_("A condition holds a value that crmlite cannot read."),
}

LONGEST = 1000
WIDEST = 200  # parts of one group; MAX_TESTS says how many tests there may be in all
BIGGEST = 2**63 - 1


def to_json(node: Node) -> dict[str, object]:
    """A condition as dicts, lists, texts, numbers and truth values."""
    match node:
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case Any(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case Test(field, operator, values):
            stored = [value_to_json(value) for value in values]
            return {"field": field, "operator": operator, "values": stored}


def from_json(data: object) -> Node:
    """The condition that was stored or sent. Raises Unreadable, whatever it is given.

    It may still ask for fields that are not there: that is for `validate()` to say.
    """
    node = node_from(data, (), 1)
    if sum(1 for _ in every_test(node)) > MAX_TESTS:
        raise Unreadable([Problem("too_many_tests", {"most": MAX_TESTS})])
    return node


def node_from(data: object, path: tuple[int, ...], depth: int) -> Node:
    """One node of what was stored."""
    if depth > MAX_DEPTH:
        raise Unreadable([Problem("too_deep", {"most": MAX_DEPTH}, path=path)])
    match (data, len(data)) if isinstance(data, dict) else (data, 0):
        case {"all": list(parts)}, 1:
            return All(parts_from(parts, path, depth))
        case {"any": list(parts)}, 1:
            return Any(parts_from(parts, path, depth))
        case {"not": part}, 1:
            return Not(node_from(part, (*path, 0), depth + 1))
        case {"field": str(field), "operator": str(operator), "values": list(values)}, 3:
            return test_from(field, operator, values, path)
    raise _unreadable("condition_unreadable", path)


def parts_from(parts: list[object], path: tuple[int, ...], depth: int) -> tuple[Node, ...]:
    """The parts of a group."""
    if len(parts) > WIDEST:
        raise Unreadable([Problem("too_many_tests", {"most": MAX_TESTS}, path=path)])
    return tuple(node_from(part, (*path, place), depth + 1) for place, part in enumerate(parts))


def test_from(field: str, operator: str, values: list[object], path: tuple[int, ...]) -> Test:
    """One test of what was stored."""
    if len(values) > MAX_VALUES:
        raise Unreadable([Problem("value_count", {"field": field, "most": MAX_VALUES}, path=path)])
    if any(map(is_bad_text, (field, operator))):
        raise _unreadable("condition_unreadable", path)
    return Test(field, operator, tuple(value_from(value, path) for value in values))


def value_to_json(value: Scalar) -> object:
    """One value; dates and other words of ours are named, so that no text is taken for them."""
    match value:
        case date():
            return {"date": value.isoformat()}
        case FromToday():
            return {"from_today": str(value)}
        case StartOf():
            return {"start_of": str(value)}
        case Span():
            return {"span": str(value)}
        case Me():
            return {"who": "me"}
        case FromSetting(name, days):
            return {SETTINGS[days]: name}
    return value


def value_from(data: object, path: tuple[int, ...]) -> Scalar:
    """One value of what was stored."""
    match data:
        case bool():
            return data
        case str() if not is_bad_text(data):
            return data
        case int() if abs(data) <= BIGGEST:
            return data
        case float() if math.isfinite(data):
            return data
        case dict() if len(data) == 1:
            ((name, text),) = data.items()
            reader = NAMED.get(name) if isinstance(name, str) else None
            if reader and isinstance(text, str) and (value := reader(text)) is not None:
                return value
    raise _unreadable("condition_value_unreadable", path)


def is_bad_text(text: str) -> bool:
    """Whether a text is too long for any question, or one that no database takes."""
    return len(text) > LONGEST or unstorable(text) is not None


def plain_date(text: str) -> date | None:
    """A date in ISO form; None for one that moves, or none."""
    day = day_from_text(text)
    return day if isinstance(day, date) else None


def _unreadable(code: str, path: tuple[int, ...]) -> Unreadable:
    return Unreadable([Problem(code, path=path)])


NAMED: dict[str, Callable[[str], Scalar | None]] = {
    "date": plain_date,
    "from_today": from_today_of,
    "start_of": start_of,
    "span": span_of,
    "who": lambda text: ME if text == str(ME) else None,
    "setting": setting_of,
    "days_ago": days_ago_of,
    "days_ahead": days_ahead_of,
}
SETTINGS = {"": "setting", AGO: "days_ago", AHEAD: "days_ahead"}
