"""A condition comes back from JSON as it went in; anything else is refused and never a crash."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.conditions import (
    MAX_DEPTH,
    ME,
    All,
    Any,
    FromToday,
    Not,
    Span,
    StartOf,
    Unreadable,
    from_json,
    to_json,
    validate,
    where,
)
from tests.rules.conditions.strategies import CATALOGUE, good_tests, trees

TEST = {"field": "tier", "operator": "is", "values": ["core"]}


@given(trees(good_tests()))
def test_there_and_back(tree):
    text = json.dumps(to_json(tree), allow_nan=False)
    if validate(tree, CATALOGUE):  # deeper than a condition may be
        with pytest.raises(Unreadable):
            from_json(json.loads(text))
    else:
        assert from_json(json.loads(text)) == tree


def test_the_form_is_the_documented_one():
    tree = All(
        (
            where("tier", "is", "strategic", "core"),
            Not(where("last_contact", "after", FromToday(-60, "d"))),
            Any((where("owner", "is", ME), where("founded_on", "during", Span("month", -1)))),
            where("founded_on", "between", StartOf("quarter", -1), date(2024, 5, 1)),
        )
    )
    assert to_json(tree) == {
        "all": [
            {"field": "tier", "operator": "is", "values": ["strategic", "core"]},
            {
                "not": {
                    "field": "last_contact",
                    "operator": "after",
                    "values": [{"from_today": "-60d"}],
                }
            },
            {
                "any": [
                    {"field": "owner", "operator": "is", "values": [{"who": "me"}]},
                    {"field": "founded_on", "operator": "during", "values": [{"span": "month-1"}]},
                ]
            },
            {
                "field": "founded_on",
                "operator": "between",
                "values": [{"start_of": "quarter-1"}, {"date": "2024-05-01"}],
            },
        ]
    }
    assert from_json(to_json(tree)) == tree


def test_a_text_is_never_taken_for_a_date():
    assert from_json(to_json(where("name", "is", "-60d"))) == where("name", "is", "-60d")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "condition_unreadable"),
        ([], "condition_unreadable"),
        ({}, "condition_unreadable"),
        ("all", "condition_unreadable"),
        ({"all": {}}, "condition_unreadable"),
        ({"all": [], "any": []}, "condition_unreadable"),
        ({"all": [None]}, "condition_unreadable"),
        ({"not": []}, "condition_unreadable"),
        ({**TEST, "extra": 1}, "condition_unreadable"),
        ({"field": "tier", "operator": "is"}, "condition_unreadable"),
        ({**TEST, "values": "core"}, "condition_unreadable"),
        ({**TEST, "field": 1}, "condition_unreadable"),
        ({**TEST, "field": "\x00"}, "condition_unreadable"),
        ({**TEST, "field": "x" * 5000}, "condition_unreadable"),
        ({**TEST, "values": [None]}, "condition_value_unreadable"),
        ({**TEST, "values": [["core"]]}, "condition_value_unreadable"),
        ({**TEST, "values": [10**30]}, "condition_value_unreadable"),
        ({**TEST, "values": [float("nan")]}, "condition_value_unreadable"),
        ({**TEST, "values": ["\ud800"]}, "condition_value_unreadable"),
        ({**TEST, "values": ["x" * 5000]}, "condition_value_unreadable"),
        ({**TEST, "values": [{}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{"date": "2024-13-01"}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{"date": "-60d"}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{"date": 5}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{"from_today": "99999999d"}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{"span": "century"}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{"who": "you"}]}, "condition_value_unreadable"),
        ({**TEST, "values": [{1: "x"}]}, "condition_value_unreadable"),
        ({**TEST, "values": [1] * 101}, "value_count"),
        ({"all": [TEST] * 51}, "too_many_tests"),
        ({"all": [{"all": []}] * 100_000}, "too_many_tests"),
    ],
)
def test_what_is_no_condition_is_refused_with_a_code(data, code):
    with pytest.raises(Unreadable) as refusal:
        from_json(data)
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_the_deepest_condition_is_read():
    data = TEST
    for _ in range(MAX_DEPTH - 1):
        data = {"not": data}
    assert to_json(from_json(data)) == data
    with pytest.raises(Unreadable):
        from_json({"not": data})


def test_bottomless_nesting_is_refused():
    data = TEST
    for _ in range(100_000):
        data = {"not": data}
    with pytest.raises(Unreadable) as refusal:
        from_json(data)
    assert refusal.value.problems[0].code == "too_deep"
    for _ in range(100_000):  # taken apart by hand: its own nesting would be too deep for Python
        data = data["not"]


SCRAPS = st.sampled_from(
    ["all", "any", "not", "field", "operator", "values", "date", "who", "tier"]
)
HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | SCRAPS,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(SCRAPS | st.text(), part, max_size=4),
)


@given(HOSTILE)
def test_whatever_is_sent_only_the_one_error_comes(data):
    try:
        tree = from_json(data)
    except Unreadable:
        return
    assert to_json(tree) == data
