"""Conditions as short texts in the address of a list, so that a link shows a colleague the same.

One text per test: `tier~is~strategic,core`, `last_contact~before~-60d`, `email~empty`. Inside a
value `!` stands before `~`, `,` and `!` that belong to it. Amounts are in minor units; dates as
2024-05-01, -60d, month-1; yes and no; people by id, or me. All tests of an address must hold.
"""

import math
from collections.abc import Iterable, Iterator
from datetime import date

from crmlite.rules.conditions.checking import Catalogue
from crmlite.rules.conditions.dates import day_from_text, span_of
from crmlite.rules.conditions.figures import FromSetting
from crmlite.rules.conditions.tree import (
    MAX_TESTS,
    MAX_VALUES,
    ME,
    All,
    Node,
    Scalar,
    Test,
    Unreadable,
)
from crmlite.rules.fields import Field
from crmlite.rules.problems import Problem
from crmlite.rules.text import unstorable
from crmlite.rules.wording import N_

MESSAGES = {
    "filter_unreadable": N_("The filter “%(text)s” in this address cannot be read."),
    "filter_too_deep": N_("This condition has groups; save it as a view to share it."),
}

PART, NEXT, ESCAPE = "~", ",", "!"
LONGEST = 4000


def is_flat(node: Node) -> bool:
    """Whether a condition is one test, or several that must all hold, of values that people type."""
    if isinstance(node, Test):
        return not any(isinstance(value, FromSetting) for value in node.values)
    return isinstance(node, All) and all(
        isinstance(part, Test) and is_flat(part) for part in node.parts
    )


def to_text(node: Node) -> list[str]:
    """A flat condition as one text per test. Raises Unreadable when it has groups in it."""
    if isinstance(node, Test) and is_flat(node):
        return [test_to_text(node)]
    if isinstance(node, All) and is_flat(node):
        return [test_to_text(part) for part in node.parts if isinstance(part, Test)]
    raise Unreadable([Problem("filter_too_deep")])


def from_text(texts: Iterable[str], catalogue: Catalogue) -> All:
    """The tests of an address, all of which must hold. Raises Unreadable, naming the bad ones.

    The field's kind says what a value is: `2024` is a text for a name and a number for a count.
    It may still ask what cannot be asked: that is for `validate()` to say.
    """
    tests: list[Test] = []
    problems: list[Problem] = []
    for place, text in enumerate(texts):
        if place >= MAX_TESTS:
            raise Unreadable([Problem("too_many_tests", {"most": MAX_TESTS})])
        test = test_from_text(text, catalogue)
        if isinstance(test, Test):
            tests.append(test)
        else:
            problems.append(Problem(test.code, test.params, path=(place,)))
    if problems:
        raise Unreadable(problems)
    return All(tuple(tests))


def test_to_text(test: Test) -> str:
    """One test: `tier~is~strategic,core`."""
    parts = [escaped(test.field), escaped(test.operator)]
    if test.values:
        parts.append(NEXT.join(escaped(value_to_text(value)) for value in test.values))
    return PART.join(parts)


def test_from_text(text: str, catalogue: Catalogue) -> Test | Problem:
    """One test, or what is wrong with its text."""
    unreadable = Problem("filter_unreadable", {"text": ascii(text[:80]).strip("'\"")})
    if len(text) > LONGEST or unstorable(text):
        return unreadable
    parts = list(split(text, PART))
    if not 2 <= len(parts) <= 3:
        return Problem("filter_unreadable", {"text": text[:80]})
    name, operator = plain(parts[0]), plain(parts[1])
    field = catalogue.get(name)
    if field is None:
        return Problem("unknown_field", {"field": name[:80]})
    words = list(split(parts[2], NEXT)) if len(parts) == 3 else []
    if len(words) > MAX_VALUES:
        return Problem("value_count", {"field": name, "most": MAX_VALUES})
    values = []
    for word in map(plain, words):
        value = value_from_text(field, operator, word)
        if value is None:
            return Problem("value_wrong", {"field": name, "value": word[:80]})
        values.append(value)
    return Test(name, operator, tuple(values))


def value_to_text(value: Scalar) -> str:
    """One value in its only spelling."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case float():
            return repr(value)
    return str(value)


def value_from_text(field: Field, operator: str, text: str) -> Scalar | None:
    """The value that a text stands for in a test of this field; None when it stands for none."""
    match field.traits.values:
        case "day" | "moment":
            return span_of(text) if operator == "during" else day_from_text(text)
        case "flag":
            return {"yes": True, "no": False}.get(text)
        case "id":
            return ME if text == str(ME) else whole(text)
        case "whole":
            return whole(text)
        case "number":
            return whole(text) if whole(text) is not None else decimal(text)
    return text


def whole(text: str) -> int | None:
    """A whole number in plain digits."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 20:
        return int(text)
    return None


def decimal(text: str) -> float | None:
    """A number with decimals; None when it is none, or not finite."""
    if len(text) > 30 or not text.isascii() or not set(text) <= set("0123456789.+-e"):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def escaped(text: str) -> str:
    """A text in which the marks between parts and values are only letters."""
    for mark in (ESCAPE, PART, NEXT):
        text = text.replace(mark, ESCAPE + mark)
    return text


def plain(text: str) -> str:
    """The text that was escaped."""
    return "".join(character for character, _ in unescaped(text))


def split(text: str, mark: str) -> Iterator[str]:
    """The pieces between marks, still escaped."""
    piece = ""
    for character, was_escaped in unescaped(text):
        if character == mark and not was_escaped:
            yield piece
            piece = ""
        else:
            piece += ESCAPE + character if was_escaped else character
    yield piece


def unescaped(text: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether an escape stood before it."""
    characters = iter(text)
    for character in characters:
        if character == ESCAPE:
            yield next(characters, ESCAPE), True
        else:
            yield character, False
