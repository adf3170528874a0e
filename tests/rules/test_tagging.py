"""Rules of tags stand after those whose tags they ask about."""

from crmlite.rules.conditions import All, Not, where
from crmlite.rules.tagging import asks_about, in_order


def about(*keys: str) -> All:
    return All((where("region", "is", "Leeds"), Not(where("tags", "has_any", *keys))))


def test_which_tags_a_condition_asks_about() -> None:
    assert asks_about(about("free/a", "free/b")) == {"free/a", "free/b"}
    assert asks_about(All((where("region", "filled"),))) == frozenset()
    assert asks_about(All((where("tags", "empty"),))) is None


def test_a_rule_stands_after_those_it_asks_about() -> None:
    rules = {"a": about("b"), "b": about("c", "own"), "c": about("own")}
    assert in_order(rules) == (["c", "b", "a"], [])


def test_circles_are_left_over_with_what_hangs_on_them() -> None:
    rules = {"a": about("b"), "b": about("a"), "c": about("a"), "d": about("own")}
    assert in_order(rules) == (["d"], ["a", "b", "c"])
    assert in_order({"a": about("a")}) == ([], ["a"])
    assert in_order({"a": All((where("tags", "filled"),))}) == ([], ["a"])
