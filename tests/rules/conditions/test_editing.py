"""Building a condition: what is shown is what is meant, and a change changes one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.conditions import (
    ALWAYS,
    MAX_DEPTH,
    All,
    Any,
    Not,
    Test,
    Unreadable,
    every_test,
    from_json,
    to_json,
    where,
)
from crmlite.rules.conditions.editing import (
    ALL,
    ANY,
    DEEPEST,
    JOINS,
    NONE,
    Group,
    NoSuchPlace,
    added,
    at,
    condition_of,
    group_from_json,
    group_of,
    group_to_json,
    joined,
    places,
    put,
    without,
)
from tests.rules.conditions.strategies import good_tests, trees

ONE, TWO, THREE = where("tier", "is", "core"), where("orders", "above", 3), where("name", "filled")


def groups():
    """Groups as people build them, empty ones among them."""
    return st.recursive(
        good_tests(),
        lambda inner: st.builds(
            Group, st.sampled_from(JOINS), st.lists(inner, max_size=3).map(tuple)
        ),
        max_leaves=8,
    ).map(lambda part: part if isinstance(part, Group) else Group(ALL, (part,)))


def meaning(node, holding):
    """Whether a condition holds for somebody of whom just these tests hold."""
    match node:
        case All(parts):
            return all(meaning(part, holding) for part in parts)
        case Any(parts):
            return any(meaning(part, holding) for part in parts)
        case Not(part):
            return not meaning(part, holding)
    return node in holding


@given(trees(good_tests()), st.integers(0, 255))
def test_what_is_shown_means_what_was_written(tree, which):
    tests = list(every_test(tree))
    holding = {test for place, test in enumerate(tests) if which >> place & 1}
    shown = condition_of(group_of(tree))
    if _is_without_empty_groups(tree):
        assert meaning(shown, holding) == meaning(tree, holding)


def _is_without_empty_groups(node):
    match node:
        case All(parts) | Any(parts):
            return bool(parts) and all(map(_is_without_empty_groups, parts))
        case Not(part):
            return _is_without_empty_groups(part)
    return True


@given(groups())
def test_what_was_built_is_shown_the_same_again(group):
    made = condition_of(group)
    again = condition_of(group_of(made))
    assert condition_of(group_of(again)) == again


@given(groups())
def test_empty_groups_ask_nothing(group):
    made = condition_of(group)
    tests = [part for _path, part in places(group) if isinstance(part, Test)]
    assert [part for _path, part in places(group_of(made)) if isinstance(part, Test)] == tests
    assert (made == ALWAYS) == (not tests)


@given(groups())
def test_a_group_goes_along_with_a_form_as_it_is(group):
    assert group_from_json(group_to_json(group)) == group


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        [],
        {},
        {"all": 1},
        {"xor": []},
        {"not": {"all": []}},
        {"all": [], "any": []},
        {"all": [{"field": "tier"}]},
        {"all": [{"field": "tier", "operator": "is", "values": [{}]}]},
        {"field": "tier", "operator": "is", "values": ["core"]},
        {"all": [{"any": [{}]}]},
        {"all": [{"all": []}] * 51},
        {"all": [{"all": [{"all": []}] * 50}] * 3},
    ],
)
def test_what_is_no_group_is_refused(sent):
    with pytest.raises(Unreadable):
        group_from_json(sent)


def test_brackets_without_end_are_refused():
    sent = {"all": []}
    for _level in range(10_000):
        sent = {"all": [sent]}
    with pytest.raises(Unreadable):
        group_from_json(sent)


@pytest.mark.parametrize(
    ("node", "group"),
    [
        (ONE, Group(ALL, (ONE,))),
        (All((ONE, TWO)), Group(ALL, (ONE, TWO))),
        (All((ONE, Any((TWO, THREE)))), Group(ALL, (ONE, Group(ANY, (TWO, THREE))))),
        (Not(Any((ONE, TWO))), Group(NONE, (ONE, TWO))),
        (Not(ONE), Group(NONE, (ONE,))),
        (Not(All((ONE, TWO))), Group(NONE, (Group(ALL, (ONE, TWO)),))),
        (ALWAYS, Group()),
    ],
)
def test_how_conditions_are_shown(node, group):
    assert group_of(node) == group


def test_each_place_is_changed_alone():
    start = Group(ALL, (ONE, Group(ANY, (TWO,))))
    assert at(start, (1, 0)) == TWO
    assert put(start, (1, 0), THREE) == Group(ALL, (ONE, Group(ANY, (THREE,))))
    assert added(start, (1,), THREE) == Group(ALL, (ONE, Group(ANY, (TWO, THREE))))
    assert without(start, (0,)) == Group(ALL, (Group(ANY, (TWO,)),))
    assert joined(start, (1,), NONE) == Group(ALL, (ONE, Group(NONE, (TWO,))))
    assert joined(start, (), ANY).join == ANY
    assert without(start, ()) == Group()


@given(groups(), st.lists(st.integers(0, 3), max_size=4).map(tuple))
def test_a_place_that_there_is_not_is_refused(group, path):
    there = dict(places(group))
    if path in there:
        assert at(group, path) == there[path]
    else:
        with pytest.raises(NoSuchPlace):
            at(group, path)
        with pytest.raises(NoSuchPlace):
            without(group, path)
    if not isinstance(there.get(path), Group):
        for change in (lambda: added(group, path, ONE), lambda: joined(group, path, ANY)):
            with pytest.raises(NoSuchPlace):
                change()


def test_no_other_way_of_joining():
    with pytest.raises(ValueError, match="xor"):
        joined(Group(ALL, (ONE,)), (), "xor")


def test_the_deepest_group_that_may_be_built_can_be_kept():
    group = Group(NONE, (ONE,))
    for _level in range(DEEPEST - 1):
        group = Group(NONE, (group,))
    made = condition_of(group)
    assert from_json(to_json(made)) == made
    assert DEEPEST * 2 + 1 <= MAX_DEPTH
