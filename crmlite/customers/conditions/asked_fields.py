"""Fields that other slices answer about customers: each with its SQL, so that lists are filtered,
sorted and shown by them, and conditions of tags ask them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement

from crmlite import fields, hooks, settings
from crmlite.rules.conditions import MAX_SPREAD, Node, Test, every_test
from crmlite.rules.fields import Field
from crmlite.rules.problems import Problem

KEY = "crmlite.asked_fields"
Compared = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""What a test asks of a value, such as being above 3."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedField:
    """A field with its SQL. `value` is what one customer has, in a statement over `customer`.

    `holds(test, compared)` is the condition on `customer` that a test holds; without it the value is
    worked out for each customer. It is never asked for what is said with "not". `right` is a right of
    scope without which nobody asks, because the value tells of what it opens. One that `is_only_asked`
    has no value that a list could show. `extent(test)` is how many tests one stands for, where that is
    more than itself; past `MAX_SPREAD` it need not be exact.
    """

    field: Field
    value: ColumnElement[Any]
    holds: Callable[[Test, Compared], ColumnElement[bool]] | None = None
    right: str = ""
    is_only_asked: bool = False
    extent: Callable[[Test], int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedFields:
    """The fields that a slice answers; they are asked for anew when the firm's arrangements changed,
    such as which packs are on. `lasting` are those among them that are always there."""

    name: str
    fields: Callable[[], Sequence[AskedField]]
    lasting: tuple[Field, ...] = ()


def asked() -> Mapping[str, AskedField]:
    """All of them by name, as the firm is arranged now."""
    now = (settings.memory(), fields.memory())
    known: tuple[Any, dict[str, AskedField]] | None = current_app.extensions.get(KEY)
    if known is None or any(one is not other for one, other in zip(known[0], now, strict=True)):
        parts = hooks.gathered("register_asked_fields")
        found = {one.field.name: one for part in parts for one in part.fields()}
        known = current_app.extensions[KEY] = (now, found)
    return known[1]


def extent_problems(tree: Node) -> list[Problem]:
    """That a condition asks too much, where it does, with all that its tests stand for."""
    answered = asked()
    extents = (
        one.extent(test) if (one := answered.get(test.field)) and one.extent else 1
        for test in every_test(tree)
    )
    return [Problem("asks_too_much", {"most": MAX_SPREAD})] if sum(extents) > MAX_SPREAD else []
