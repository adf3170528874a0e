"""Tags that depend on conditions: which of them a condition asks about, and in which order they
are followed."""

from collections.abc import Mapping

from crmlite.rules.conditions import Node, every_test
from crmlite.rules.wording import N_

MESSAGES = {
    "rule_asks_me": N_("This holds for everybody: it cannot ask for “me”."),
    "rule_tag_gone": N_("It asks for a tag that does not exist any more."),
    "rule_circle": N_("This rule depends on its own tag, itself or by way of another rule."),
}
TAGS = "tags"
OF_ALL = ("empty", "filled")


def asks_about(tree: Node) -> frozenset[str] | None:
    """The tags that a condition asks about, by key; None for all of them."""
    asked: set[str] = set()
    for test in every_test(tree):
        if test.field == TAGS:
            if test.operator in OF_ALL:
                return None
            asked |= {str(value) for value in test.values}
    return frozenset(asked)


def in_order(rules: Mapping[str, Node]) -> tuple[list[str], list[str]]:
    """The tags of rules so that each stands after those its rule asks about, otherwise as they
    were; and those that ask about themselves, be it by way of others."""
    waiting = {key: asks_about(tree) for key, tree in rules.items()}
    done: list[str] = []
    while waiting:
        ready = [
            key
            for key, asked in waiting.items()
            if asked is not None and waiting.keys().isdisjoint(asked)
        ]
        if not ready:
            break
        done += ready
        for key in ready:
            del waiting[key]
    return done, list(waiting)
