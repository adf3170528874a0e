"""Changing the editable lists: labels, order, further values, values that are offered no more.

A list is copied from the shipped one when it is changed for the first time. Nothing is ever taken
out of a list, because records may have the value: it is retired, and still names them.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from crmlite.extensions import database
from crmlite.settings.models import ChoiceRow
from crmlite.settings.queries import arranged, choice_list
from crmlite.work import Actor, Gone, Refused, current, operation, records
from crmlite.work.operations import move_epoch

LONGEST_KEY = 40
Label = Mapping[str, str]


@operation("choice_added")
def add_choice(list_name: str, label: Label, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Add a value at the end of a list; answers `{"key", "operation"}`.

    Raises Refused (`list-fixed`, `choice-exists`).
    """
    rows = _rows(list_name)
    if not choice_list(list_name).open:
        raise Refused("list-fixed")
    _refuse_double(rows, label)
    key = _free_key(label, {row["key"] for row in rows})
    records.insert(
        ChoiceRow,
        {
            "list": list_name,
            "key": key,
            "label": dict(label),
            "position": max((row["position"] for row in rows), default=0) + 1,
            "shipped": False,
            "retired": False,
        },
    )
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
    rows = _rows(list_name)
    row = _row(rows, key)
    _refuse_double([other for other in rows if other["key"] != key], label)
    changed = records.update(ChoiceRow, row["id"], {"label": dict(label)}, version=version)
    return current().id if changed else 0


@operation("choice_retired")
def retire_choice(list_name: str, key: str, *, by: Actor, at: datetime) -> int:
    """Offer a value no more; what has it keeps it. Answers the id of the operation, 0 when it was
    retired already. Raises Gone, Refused (`list-fixed`, `choice-built-in`, `choice-last`)."""
    rows = _rows(list_name)
    row = _row(rows, key)
    declared = choice_list(list_name)
    if not declared.open:
        raise Refused("list-fixed")
    if declared.keeps_shipped and row["shipped"]:
        raise Refused("choice-built-in")
    if not any(not other["retired"] for other in rows if other["key"] != key):
        raise Refused("choice-last")
    return current().id if records.update(ChoiceRow, row["id"], {"retired": True}) else 0


@operation("choice_revived")
def revive_choice(list_name: str, key: str, *, by: Actor, at: datetime) -> int:
    """Offer a retired value again. Answers the id of the operation, 0 when it is offered."""
    row = _row(_rows(list_name), key)
    return current().id if records.update(ChoiceRow, row["id"], {"retired": False}) else 0


@operation("choice_moved")
def move_choice(list_name: str, key: str, steps: int, *, by: Actor, at: datetime) -> int:
    """Move a value up (steps below 0) or down among those offered, as far as it goes.

    Answers the id of the operation, 0 when it stays where it is.
    """
    rows = _rows(list_name)
    order = [row for row in rows if not row["retired"]]
    place = next((i for i, row in enumerate(order) if row["key"] == key), None)
    if place is None:
        raise Gone("choice", 0)
    row = order.pop(place)
    order.insert(max(0, place + steps), row)
    order += [row for row in rows if row["retired"]]
    moved = records.update_many(ChoiceRow, {r["id"]: {"position": i} for i, r in enumerate(order)})
    return current().id if moved else 0


def _rows(list_name: str) -> list[Mapping[str, Any]]:
    """The rows of a list in order; shipped values that have none get theirs."""
    move_epoch()
    table = ChoiceRow.__table__
    mine = select(table).where(table.c.list == list_name).order_by(table.c.position, table.c.id)
    stored = database.session.execute(mine).all()
    ordered = arranged(choice_list(list_name).shipped, stored)
    missing = [
        {
            "list": list_name,
            "key": choice.key,
            "label": dict(choice.label),
            "position": position,
            "shipped": True,
            "retired": choice.retired,
            "more": dict(choice.more) or None,
            "version": choice.version,
        }
        for position, choice in enumerate(ordered)
        if not choice.id
    ]
    if missing:  # a copy of what is in force already: nothing changes, so it is not in the ledger
        database.session.execute(insert(table), missing)
    return list(database.session.execute(mine).mappings())


def _row(rows: list[Mapping[str, Any]], key: str) -> Mapping[str, Any]:
    for row in rows:
        if row["key"] == key:
            return row
    raise Gone("choice", 0)


def _refuse_double(rows: list[Mapping[str, Any]], label: Label) -> None:
    """Refused when another value that is offered has the same words in one of the languages."""
    wanted = {(language, words.casefold()) for language, words in label.items() if words}
    for row in rows:
        there = {(language, words.casefold()) for language, words in row["label"].items()}
        if not row["retired"] and wanted & there:
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
