"""What a condition becomes that asks about segments: the conditions of these, never a circle."""

import pytest

from crmlite.rules.conditions import ALWAYS, MAX_SPREAD, All, Any, Not, Test, where
from crmlite.segments.trees import NOBODY, asked_about, extent, is_circle, spread

CORE, BIG = where("tier", "is", "core"), where("orders", "at_least", 3)
TREES = {"core": CORE, "big": All((BIG, where("segment", "has_any", "core"))), "broken": None}


def segments(operator: str, *keys: str) -> Test:
    return where("segment", operator, *keys)


@pytest.mark.parametrize(
    ("asked", "becomes"),
    [
        (segments("has_any", "core"), Any((CORE,))),
        (segments("has_all", "core", "big"), All((CORE, All((BIG, Any((CORE,))))))),
        (segments("has_none", "core"), Not(Any((CORE,)))),
        (segments("empty"), Not(Any((CORE, All((BIG, Any((CORE,)))), NOBODY)))),
        (segments("has_any", "gone", "broken"), Any((NOBODY, NOBODY))),
        (Not(All((segments("has_any", "core"), BIG))), Not(All((Any((CORE,)), BIG)))),
        (ALWAYS, ALWAYS),
    ],
)
def test_segments_are_put_in_their_places(asked, becomes):
    assert spread(asked, TREES) == becomes


def test_what_depends_on_itself_is_seen_and_takes_nobody():
    trees = {
        "one": segments("has_any", "two"),
        "two": All((CORE, segments("has_none", "three"))),
        "three": segments("has_any", "one"),
        "four": segments("has_any", "one"),
    }
    assert [key for key in trees if is_circle(key, trees)] == ["one", "two", "three"]
    assert spread(trees["four"], trees) == Any((Any((All((CORE, Not(Any((Any((NOBODY,)),))))),)),))


def test_which_segments_a_condition_asks_about():
    tree = All((BIG, Not(Any((segments("has_any", "a", "b"), segments("has_none", "c"))))))
    assert asked_about(tree) == {"a", "b", "c"}


def test_how_much_a_condition_asks_is_known_with_its_segments_and_never_takes_long():
    trees = {**TREES, "empty": All((Any(()),)), "self": All((CORE, segments("has_any", "self")))}
    assert extent(All((CORE, BIG)), trees) == 2
    assert extent(segments("has_any", "core"), trees) == 2
    assert extent(segments("has_all", "core", "big"), trees) == 5
    assert extent(All((BIG, segments("has_none", "gone", "broken", "empty"))), trees) == 5
    assert extent(segments("has_any", "self"), trees) == 4
    assert extent(segments("empty"), TREES) == 6
    twice = {"0": CORE} | {
        str(n): Any((segments("has_any", f"{n - 1}"), segments("has_none", f"{n - 1}")))
        for n in range(1, 60)
    }
    assert extent(segments("has_any", "3"), twice) == 23
    assert extent(segments("has_any", "59"), twice) > MAX_SPREAD
    long = {"0": CORE} | {str(n): segments("has_any", f"{n - 1}") for n in range(1, 60)}
    assert extent(segments("has_any", "20"), long) == 22
    assert extent(segments("has_any", "59"), long) > MAX_SPREAD  # nested too deep
    everyone = {str(n): segments("filled") for n in range(30)}
    assert extent(segments("filled"), everyone) > MAX_SPREAD
