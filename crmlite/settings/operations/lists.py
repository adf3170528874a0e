"""Changing the editable lists: labels, order, further values, values that are offered no more.

Nothing is ever taken out of a list, because records may have the value: it is retired, and still
names them.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from crmlite.extensions import database
from crmlite.settings.catalogue import LONGEST_KEY, Choice
from crmlite.settings.models import ChoiceRow
from crmlite.settings.queries import choice_list, is_built_in, standing
from crmlite.settings.values import row_of, shipped_key
from crmlite.work import Actor, Gone, Refused, current, operation, records
from crmlite.work.operations import move_epoch

Label = Mapping[str, str]


@operation("choice_added")
def add_choice(list_name: str, label: Label, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Add a value at the end of a list; answers `{"key", "operation"}`.

    Raises Refused (`list-fixed`, `choice-exists`).
    """
    values = _values(list_name)
    if not choice_list(list_name).open:
        raise Refused("list-fixed")
    _refuse_double(values, label)
    key = _free_key(label, {value.key for value in values})
    row = {"list": list_name, "key": key, "label": dict(label), "retired": False}
    records.insert(ChoiceRow, {**row, "position": None, "shipped_key": None})
    return {"key": key, "operation": current().id}


@operation("choice_renamed")
def rename_choice(
    list_name: str,
    key: str,
    label: Label,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Change the label of a value; answers the id of the operation, 0 when nothing changed.

    Raises Gone, Stale, Refused (`choice-exists`).
    """
    values = _values(list_name)
    value = _value(values, key)
    _refuse_double([other for other in values if other.key != key], label)
    changed = records.update(ChoiceRow, value.id, {"label": dict(label)}, version=version)
    return current().id if changed else 0


@operation("choice_retired")
def retire_choice(list_name: str, key: str, *, by: Actor, at: datetime) -> int:
    """Offer a value no more; what has it keeps it. Answers the id of the operation, 0 when it was
    retired already. Raises Gone, Refused (`list-fixed`, `choice-built-in`, `choice-last`)."""
    values = _values(list_name)
    value = _value(values, key)
    declared = choice_list(list_name)
    if not declared.open:
        raise Refused("list-fixed")
    if is_built_in(declared, value):
        raise Refused("choice-built-in")
    if not any(other.is_offered for other in values if other.key != key):
        raise Refused("choice-last")
    return current().id if records.update(ChoiceRow, value.id, {"retired": True}) else 0


@operation("choice_revived")
def revive_choice(list_name: str, key: str, *, by: Actor, at: datetime) -> int:
    """Offer a retired value again. Answers the id of the operation, 0 when it is offered."""
    value = _value(_values(list_name), key)
    return current().id if records.update(ChoiceRow, value.id, {"retired": False}) else 0


@operation("choice_moved")
def move_choice(list_name: str, key: str, steps: int, *, by: Actor, at: datetime) -> int:
    """Move a value up (steps below 0) or down among those offered, as far as it goes.

    Answers the id of the operation, 0 when it stays where it is.
    """
    values = _values(list_name)
    order = [value for value in values if value.is_offered]
    place = next((i for i, value in enumerate(order) if value.key == key), None)
    if place is None:
        raise Gone("choice", 0)
    value = order.pop(place)
    order.insert(max(0, place + steps), value)
    if order == [value for value in values if value.is_offered]:
        return 0
    order += [value for value in values if not value.is_offered]
    places = {value.id: {"position": place} for place, value in enumerate(order)}
    return current().id if records.update_many(ChoiceRow, places) else 0


def _values(list_name: str) -> tuple[Choice, ...]:
    """The values of a list in order; those that a newer crmlite brings get their rows."""
    move_epoch()
    missing = [
        {
            **row_of(list_name, value),
            "shipped_key": shipped_key(list_name, value.key),
            "shipped": row_of(list_name, value),
        }
        for value in standing(list_name)
        if not value.id
    ]
    if missing:  # what is in force already: nothing changes, so it is not in the ledger
        database.session.execute(insert(ChoiceRow.__table__), missing)
    return standing(list_name)


def _value(values: Sequence[Choice], key: str) -> Choice:
    for value in values:
        if value.key == key:
            return value
    raise Gone("choice", 0)


def _refuse_double(values: Sequence[Choice], label: Label) -> None:
    """Refused when another value that is offered has the same words in one of the languages."""
    wanted = {(language, words.casefold()) for language, words in label.items() if words}
    for value in values:
        there = {(language, words.casefold()) for language, words in value.label.items()}
        if value.is_offered and wanted & there:
            raise Refused(
                "choice-exists", {"label": next(words for words in label.values() if words)}
            )


def _free_key(label: Label, taken: set[str]) -> str:
    """A key made of the English words, else of chance; never one that the list has."""
    plain = re.sub(r"[^a-z0-9]+", "-", label.get("en", "").casefold()).strip("-")
    key = plain[: LONGEST_KEY - 5].strip("-") or f"value-{secrets.token_hex(2)}"
    while key in taken or key == "new":  # which is an address of its own
        key = f"{key[: LONGEST_KEY - 5]}-{secrets.token_hex(2)}"
    return key
