"""Conditions that hold for everybody and for long: rules of tags, segments, strategies."""

from collections.abc import Iterable

from crmlite.customers.conditions.asked_fields import extent_problems
from crmlite.customers.conditions.catalogue import tag_choices, whole_catalogue
from crmlite.customers.conditions.figures import figures
from crmlite.rules.conditions import Me, Node, every_test, validate
from crmlite.rules.problems import Problem
from crmlite.rules.tagging import TAGS


def problems_of(tree: Node, tag_keys: Iterable[str] | None = None) -> list[Problem]:
    """What keeps a condition from being asked of the whole book: what cannot be asked, who is meant by
    "me", a tag that there is not any more. `tag_keys` are those of the tags where the caller knows
    them already."""
    problems = [*validate(tree, whole_catalogue(), figures()), *extent_problems(tree)]
    known: set[str] | None = set(tag_keys) if tag_keys is not None else None
    for test in every_test(tree):
        if any(isinstance(value, Me) for value in test.values):
            problems.append(Problem("rule_asks_me"))
        if test.field == TAGS:
            known = known if known is not None else {tag.key for tag in tag_choices()}
            gone = [value for value in test.values if value not in known]
            problems += [Problem("rule_tag_gone") for _value in gone[:1]]
    return problems
