"""A condition that cannot be asked is refused with the reason, and one that can is let through."""

from datetime import date

import pytest
from hypothesis import given

from crmlite.rules.conditions import (
    ALWAYS,
    MAX_DEPTH,
    MAX_TESTS,
    ME,
    All,
    Any,
    FromToday,
    Not,
    Span,
    StartOf,
    every_test,
    fields_used,
    validate,
    where,
)
from tests.rules.conditions.strategies import CATALOGUE, good_tests, trees


def codes(node):
    """What is wrong with a condition, by code."""
    return [problem.code for problem in validate(node, CATALOGUE)]


def nested(depth):
    """A condition of so many levels."""
    node = where("orders", "empty")
    for _ in range(depth - 1):
        node = Not(node)
    return node


@given(good_tests())
def test_every_good_question_passes(test):
    assert validate(test, CATALOGUE) == []


@pytest.mark.parametrize(
    ("test", "code"),
    [
        pytest.param(where("colour", "is", "red"), "unknown_field", id="no such field"),
        pytest.param(where("tier", "equals", "core"), "unknown_operator", id="no such question"),
        pytest.param(
            where("tier", "contains", "c"), "operator_not_for_field", id="not for choices"
        ),
        pytest.param(
            where("orders", "on", date(2024, 5, 1)), "operator_not_for_field", id="no day"
        ),
        pytest.param(where("remarks", "contains", "x"), "field_sealed", id="sealed text"),
        pytest.param(where("phone", "contains", "138"), "field_sealed", id="sealed phone"),
        pytest.param(where("phone", "ends", "567"), "tail_digits", id="three digits of a phone"),
        pytest.param(where("tier", "is"), "value_missing", id="no value"),
        pytest.param(where("name", "contains", " "), "value_missing", id="a blank"),
        pytest.param(where("tier", "is", *["core"] * 101), "value_count", id="too many values"),
        pytest.param(where("tier", "empty", "core"), "value_count", id="a value for emptiness"),
        pytest.param(where("orders", "above", 1, 2), "value_count", id="two for one"),
        pytest.param(where("orders", "between", 1), "value_missing", id="half a range"),
        pytest.param(where("dealer", "is", True, False), "value_count", id="yes and no"),
        pytest.param(where("tier", "is", "gold"), "choice_unknown", id="no such choice"),
        pytest.param(where("tier", "is", 1), "value_wrong", id="a number for a choice"),
        pytest.param(where("orders", "above", "9"), "value_wrong", id="text for a number"),
        pytest.param(where("orders", "above", True), "value_wrong", id="yes for a number"),
        pytest.param(where("orders", "above", 1.5), "value_wrong", id="a fraction for a count"),
        pytest.param(where("orders", "above", 10**16), "value_wrong", id="too large a number"),
        pytest.param(where("rate", "above", float("nan")), "value_wrong", id="no number at all"),
        pytest.param(where("rate", "above", float("inf")), "value_wrong", id="endless"),
        pytest.param(where("owner", "is", 0), "value_wrong", id="nobody's id"),
        pytest.param(where("owner", "is", "me"), "value_wrong", id="text for a person"),
        pytest.param(where("orders", "is", ME), "value_wrong", id="a person for a number"),
        pytest.param(where("dealer", "is", 1), "value_wrong", id="one for yes"),
        pytest.param(where("founded_on", "on", date(1, 1, 1)), "value_wrong", id="long ago"),
        pytest.param(where("founded_on", "on", "2024-05-01"), "value_wrong", id="text for a day"),
        pytest.param(
            where("founded_on", "on", Span("month")), "value_wrong", id="a month for a day"
        ),
        pytest.param(
            where("founded_on", "during", StartOf("month")), "value_wrong", id="a day for a month"
        ),
        pytest.param(where("name", "is", "x" * 201), "value_too_long", id="too long a text"),
        pytest.param(where("name", "is", "\x00"), "value_wrong", id="NUL"),
        pytest.param(where("name", "is", "\ud800"), "value_wrong", id="half a character"),
        pytest.param(where("orders", "between", 5, 1), "range_reversed", id="numbers reversed"),
        pytest.param(
            where("founded_on", "between", FromToday(1, "d"), FromToday(-1, "d")),
            "range_reversed",
            id="days reversed",
        ),
    ],
)
def test_a_bad_question_is_refused_with_the_reason(test, code):
    assert codes(test) == [code]


def test_a_problem_says_where_it_is():
    tree = All((where("tier", "filled"), Not(Any((where("orders", "empty"), where("x", "empty"))))))
    (problem,) = validate(tree, CATALOGUE)
    assert (problem.path, problem.params) == ((1, 0, 1), {"field": "x"})


def test_all_problems_are_told_at_once():
    assert codes(All((where("a", "is", "1"), where("b", "is", "1"), Any(())))) == [
        "unknown_field",
        "unknown_field",
        "empty_group",
    ]


def test_choices_of_an_editable_list_are_checked_once_they_are_known():
    assert codes(where("stage", "is", "sampling")) == []
    stage = CATALOGUE["stage"].offering(CATALOGUE["tier"].choices)
    refused = validate(where("stage", "is", "sampling"), {"stage": stage})
    assert [problem.code for problem in refused] == ["choice_unknown"]


def test_depth_and_size_have_limits():
    assert codes(nested(MAX_DEPTH)) == []
    assert codes(nested(MAX_DEPTH + 1)) == codes(nested(100_000)) == ["too_deep"]
    many = where("orders", "empty")
    assert codes(All((many,) * MAX_TESTS)) == []
    assert codes(All((many,) * (MAX_TESTS + 1))) == ["too_many_tests"]


def test_no_condition_takes_everyone():
    assert codes(ALWAYS) == []


@given(trees(good_tests()))
def test_a_condition_knows_its_fields(tree):
    used = [test.field for test in every_test(tree)]
    assert fields_used(tree) == set(used)
    assert codes(tree) in ([], ["too_deep"])
