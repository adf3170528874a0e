"""Conditions of rooms above that may ask about segments."""

from collections.abc import Callable, Iterable, Mapping

from crmlite.rules.conditions import Node

ASKERS: dict[str, Callable[[], Iterable[tuple[Mapping[str, str], Node]]]] = {}
"""By the room, what answers its stored conditions, each with the label of what it belongs to."""


def asked_above() -> Iterable[tuple[Mapping[str, str], Node]]:
    """The conditions of all rooms above, with the labels of what they belong to."""
    return (one for asker in ASKERS.values() for one in asker())
