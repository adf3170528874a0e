"""What is typed into a filter is understood as anywhere else in the book."""

from datetime import date

import pytest

from crmlite.rules.conditions import ME, FromToday, Span, StartOf, read_test, where
from crmlite.rules.values import Reading
from tests.rules.conditions.strategies import CATALOGUE

READING = Reading(today=date(2024, 3, 15))


def read(name, operator, *texts):
    """The test made of what was typed."""
    return read_test(CATALOGUE[name], operator, texts, READING)


@pytest.mark.parametrize(
    ("typed", "test"),
    [
        (("tier", "is", "核心", "strategic"), where("tier", "is", "core", "strategic")),
        (("stage", "is", "sampling"), where("stage", "is", "sampling")),
        (("tags", "has_any", "vip", "vip", ""), where("tags", "has_any", "vip")),
        (("signed", "at_least", "12万"), where("signed", "at_least", 12_000_000)),
        (("orders", "between", "１", "10"), where("orders", "between", 1, 10)),
        (("founded_on", "before", "昨天"), where("founded_on", "before", date(2024, 3, 14))),
        (("founded_on", "before", "-60d"), where("founded_on", "before", FromToday(-60, "d"))),
        (
            ("last_contact", "since", "month-1"),
            where("last_contact", "since", StartOf("month", -1)),
        ),
        (("last_contact", "since", "5月1日"), where("last_contact", "since", date(2024, 5, 1))),
        (("last_contact", "during", "month"), where("last_contact", "during", Span("month"))),
        (("owner", "is", "me", "17"), where("owner", "is", ME, 17)),
        (("dealer", "is", "是"), where("dealer", "is", True)),
        (("phone", "is", "+86 138-0000-0001"), where("phone", "is", "13800000001")),
        (("phone", "ends", "0001"), where("phone", "ends", "0001")),
        (("name", "contains", " 科技 "), where("name", "contains", "科技")),
        (("name", "empty", "left over"), where("name", "empty")),
        (("tier", "is"), where("tier", "is")),
    ],
)
def test_typed_values_become_a_test(typed, test):
    checked = read(*typed)
    assert checked.value == test
    assert checked.ok


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("founded_on", "before", "2024-13-45"), "date_impossible"),
        (("founded_on", "during", "2024-05-01"), "date_unreadable"),
        (("signed", "at_least", "viel"), "amount_unreadable"),
        (("tier", "is", "gold"), "choice_unreadable"),
        (("phone", "is", "1380"), "phone_mobile_digits"),
        (("name", "sounds_like", "x"), "unknown_operator"),
    ],
)
def test_what_is_not_understood_is_said(typed, code):
    checked = read(*typed)
    assert (checked.value, [problem.code for problem in checked.problems]) == (None, [code])
