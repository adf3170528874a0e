"""A filter in an address is short, readable, and exactly the filter it was."""

from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.conditions import (
    ME,
    All,
    Any,
    FromToday,
    Not,
    Span,
    StartOf,
    Unreadable,
    from_text,
    is_flat,
    to_text,
    where,
)
from tests.rules.conditions.strategies import CATALOGUE, good_tests

FLAT = st.lists(good_tests(), max_size=6).map(tuple).map(All)


@pytest.mark.parametrize(
    ("test", "text"),
    [
        (where("tier", "is", "strategic", "core"), "tier~is~strategic,core"),
        (where("last_contact", "before", FromToday(-60, "d")), "last_contact~before~-60d"),
        (where("founded_on", "since", StartOf("quarter", -1)), "founded_on~since~quarter-1"),
        (where("founded_on", "during", Span("year")), "founded_on~during~year"),
        (where("founded_on", "on", date(2024, 5, 1)), "founded_on~on~2024-05-01"),
        (where("signed", "between", 1, 500), "signed~between~1,500"),
        (where("rate", "above", 0.5), "rate~above~0.5"),
        (where("owner", "is", ME, 17), "owner~is~me,17"),
        (where("dealer", "is", True), "dealer~is~yes"),
        (where("phone", "empty"), "phone~empty"),
        (where("name", "contains", "2024"), "name~contains~2024"),
        (where("name", "is", "a,b~c!", "d"), "name~is~a!,b!~c!!,d"),
    ],
)
def test_each_test_has_one_readable_text(test, text):
    assert to_text(test) == [text]
    assert from_text([text], CATALOGUE) == All((test,))


@given(FLAT)
def test_there_and_back_through_an_address(tree):
    query = urlencode([("where", text) for text in to_text(tree)])
    assert from_text([text for _, text in parse_qsl(query)], CATALOGUE) == tree


def test_groups_do_not_fit_into_an_address():
    for tree in (Any((where("tier", "filled"),)), Not(where("tier", "filled")), All((All(()),))):
        assert not is_flat(tree)
        with pytest.raises(Unreadable) as refusal:
            to_text(tree)
        assert refusal.value.problems[0].code == "filter_too_deep"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "filter_unreadable"),
        ("tier", "filter_unreadable"),
        ("tier~is~a~b", "filter_unreadable"),
        ("tier~is~\x00", "filter_unreadable"),
        ("tier~is~\ud800", "filter_unreadable"),
        ("tier~is~" + "x" * 5000, "filter_unreadable"),
        ("colour~is~red", "unknown_field"),
        ("orders~above~many", "value_wrong"),
        ("orders~above~1.5", "value_wrong"),
        ("orders~above~٣", "value_wrong"),
        ("orders~above~" + "9" * 30, "value_wrong"),
        ("rate~above~nan", "value_wrong"),
        ("rate~above~1e999", "value_wrong"),
        ("founded_on~on~2024-13-01", "value_wrong"),
        ("founded_on~during~-60d", "value_wrong"),
        ("founded_on~on~99999999d", "value_wrong"),
        ("dealer~is~maybe", "value_wrong"),
        ("owner~is~you", "value_wrong"),
        ("orders~is~" + ",".join("1" * 101), "value_count"),
    ],
)
def test_a_broken_link_says_which_filter_is_broken(text, code):
    with pytest.raises(Unreadable) as refusal:
        from_text(["tier~filled", text], CATALOGUE)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.path) == (code, (1,))


def test_an_address_holds_a_limited_number_of_filters():
    with pytest.raises(Unreadable):
        from_text(["tier~filled"] * 51, CATALOGUE)


@given(st.lists(st.text() | st.text("~,!abc"), max_size=3), st.sampled_from(list(CATALOGUE)))
def test_whatever_stands_in_the_address_only_the_one_error_comes(parts, name):
    try:
        tree = from_text([*parts, "~".join([name, *parts])], CATALOGUE)
    except Unreadable:
        return
    assert from_text(to_text(tree), CATALOGUE) == tree
