"""What a condition becomes that asks about segments: the conditions of these, never a circle."""

import pytest

from crmlite.rules.conditions import ALWAYS, All, Any, Not, Test, where
from crmlite.segments.trees import NOBODY, asked_about, is_circle, spread

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
