"""Puts what settings say now in the place of their names."""

from collections.abc import Mapping
from dataclasses import replace

from crmlite.rules.conditions.figures import Figures, FromSetting
from crmlite.rules.conditions.tree import All, Any, Node, Not, Scalar, Test
from crmlite.rules.fields import Field

NUMBERED = ("whole", "number", "day", "moment")
"""The kinds of values that settings can give."""


def settled(tree: Node, catalogue: Mapping[str, Field], figures: Figures) -> Node:
    """The condition with plain values; what settings do not give stays as it is."""
    match tree:
        case All(parts):
            return All(tuple(settled(part, catalogue, figures) for part in parts))
        case Any(parts):
            return Any(tuple(settled(part, catalogue, figures) for part in parts))
        case Not(part):
            return Not(settled(part, catalogue, figures))
        case Test(name):
            field = catalogue.get(name)
            return tree if field is None else settled_test(tree, field, figures)


def settled_test(test: Test, field: Field, figures: Figures) -> Test:
    """One test with plain values."""
    if not any(isinstance(value, FromSetting) for value in test.values):
        return test
    return replace(test, values=tuple(settled_value(one, field, figures) for one in test.values))


def settled_value(value: Scalar, field: Field, figures: Figures) -> Scalar:
    """One value; itself where no setting gives it."""
    if not isinstance(value, FromSetting) or field.traits.values not in NUMBERED:
        return value
    now = figures.of(value, field.kind)
    return value if now is None else now
