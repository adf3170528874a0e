"""Values inside the JSON column `extra` that are sealed or masked one by one, as their fields say.

A table that has such a column names in `info["inside"]` a function that answers, by the keys of the
JSON, which of them are guarded: only the room that knows the fields can tell, and what is known
changes while an application runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table

from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import SealBroken, open_sealed, seal

EXTRA = "extra"
PREFIX = f"{EXTRA}."
NOTHING: Mapping[str, "Guarded"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Guarded:
    """How a value is guarded: the `right` that unmasks it, whether it is `sealed`, and the mask of
    its kind (phone, email, im; empty for one that hides all of it). Nobody sees one that is `gone`:
    its field was removed, and with it what was known of how to guard it."""

    right: str
    sealed: bool = False
    masked: str = ""
    gone: bool = False


def guarded(table: Table) -> Mapping[str, Guarded]:
    """The guarded values of a table, by their keys."""
    inside = table.info.get("inside")
    return inside() if inside else NOTHING


def guard_of(table: Table, name: str) -> Guarded | None:
    """How a value is guarded, by its name in diffs (`extra.retail__points`); None for any other."""
    return guarded(table).get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None


def place_of(table: Table, key: str, uid: str) -> tuple[str, str, str]:
    """Where a sealed value lives: it opens nowhere else."""
    return table.name, PREFIX + key, uid


def sealed_inside(ring: KeyRing, table: Table, key: str, value: Any, uid: str) -> str:
    """A value as it may be stored."""
    return seal(ring, json.dumps(value, ensure_ascii=False), place_of(table, key, uid))


def opened_inside(ring: KeyRing, table: Table, key: str, stored: str, uid: str) -> Any:
    """A value that was sealed. Raises SealBroken unless it is whole and in its own place."""
    return json.loads(open_sealed(ring, stored, place_of(table, key, uid)))


def stored_inside(
    ring: KeyRing,
    table: Table,
    given: Mapping[str, Any] | None,
    uid: str,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """The JSON with those values sealed that are to be; None where there is nothing in it.

    What stands there already, sealed, may be given again: it stays as it is, and so does what says
    the same.
    """
    guards, had = guarded(table), before or {}
    kept: dict[str, Any] = {}
    for key, value in (given or {}).items():
        if value in (None, "", []):
            continue
        if (guard := guards.get(key)) is None or not guard.sealed or value == had.get(key):
            kept[key] = value
        elif key in had and is_same(ring, table, key, had[key], value, uid):
            kept[key] = had[key]
        else:
            kept[key] = sealed_inside(ring, table, key, value, uid)
    return kept or None


def is_same(ring: KeyRing, table: Table, key: str, stored: Any, value: Any, uid: str) -> bool:
    """Whether a sealed value says this."""
    try:
        return bool(opened_inside(ring, table, key, stored, uid) == value)
    except (SealBroken, AttributeError):
        return False


def is_equal(ring: KeyRing, table: Table, key: str, one: Any, other: Any, uid: str) -> bool:
    """Whether two stored values of a key say the same, each sealed under a key of its time."""
    if one == other or not (one and other):
        return bool(one == other)
    guard = guarded(table).get(key)
    if guard is None or not guard.sealed:
        return False
    try:
        return is_same(ring, table, key, one, opened_inside(ring, table, key, other, uid), uid)
    except (SealBroken, AttributeError):
        return False
