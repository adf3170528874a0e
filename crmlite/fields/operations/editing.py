"""Managers' own fields, and what managers call those of packs."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.fields.drafts import ChoiceDraft, FieldDraft, Words, kept_choices
from crmlite.fields.fitness import MOST_INDEXED, indexed_in_all
from crmlite.fields.following import follow
from crmlite.fields.models import FieldRow
from crmlite.fields.object_kinds import kept_in
from crmlite.fields.queries import UNREADABLE, field_of_row, is_custom
from crmlite.fields.record_kinds import CUSTOM
from crmlite.rules.conditions import ALWAYS, to_json
from crmlite.rules.fields import LONGEST_NAME
from crmlite.search.pinyin import readings
from crmlite.work import Actor, Gone, Refused, current, operation, records
from crmlite.work.operations import move_epoch

Row = Mapping[str, Any]
FIELDS = FieldRow.__table__
LONGEST_KEY = 40
WORDED = ("label", "hint", "group")  # what a manager may call otherwise


@operation("field_added")
def add_field(
    record_type: str,
    kind: str,
    draft: FieldDraft,
    *,
    sensitive: bool = False,
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Add a field to a kind of record, behind all others; answers `{"id", "name", "operation"}`.

    Raises Refused: `field-exists` where another field that is asked for has the same label,
    `fields-too-quick`, `field-unfit` for one that could not work.
    """
    move_epoch()
    rows = rows_of(record_type)
    refuse_double(rows, draft.label)
    refuse_quick(record_type, draft.indexed)
    name = _free_name(draft.label, _names_beside(record_type))
    field_id = records.insert(
        FieldRow,
        {
            "record_type": record_type,
            "name": name,
            "kind": kind,
            "sensitive": sensitive,
            "multiple": kind == "choices",
            "position": max((row["position"] for row in rows), default=-1) + 1,
            "state": "active",
            **_columns(draft, ()),
        },
    )
    _refuse_unfit(field_id)
    follow(required=draft.required)
    return {"id": field_id, "name": name, "operation": current().id}


@operation("field_updated")
def change_field(
    field_id: int, draft: FieldDraft, *, by: Actor, at: datetime, version: int | None = None
) -> int:
    """Change a manager's own field; answers the operation's id, 0 when nothing changed.

    Choices are never taken away: one that the draft does not name is retired. Raises Gone, Stale,
    Refused (`field-exists`, `fields-too-quick`, `field-of-pack`, `field-unfit`).
    """
    move_epoch()
    row = row_of(field_id)
    if not is_custom(row):
        raise Refused("field-of-pack")
    refuse_double(rows_of(row.record_type), draft.label, besides=field_id)
    refuse_quick(row.record_type, draft.indexed and not row.indexed)
    changed = records.update(
        FieldRow, field_id, _columns(draft, row.choices or ()), version=version
    )
    if not changed:
        return 0
    _refuse_unfit(field_id)
    follow(required=bool({"required_when", "only_for"} & changed.keys()))
    return current().id


@operation("field_worded")
def word_field(
    field_id: int,
    words: Mapping[str, Words | None],
    choices: Mapping[str, Words],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Call a field, what stands beside it and its choices otherwise, be it a pack's: `words` are of
    `label`, `hint` and `group`. Answers the operation's id, 0 when nothing changed. Raises Gone,
    Stale, Refused (`field-exists`)."""
    move_epoch()
    row = row_of(field_id)
    given: dict[str, Any] = {name: words[name] for name in WORDED if name in words}
    if label := given.get("label"):
        refuse_double(rows_of(row.record_type), label, besides=field_id)
    came = {one["key"]: one["label"] for one in row.choices or ()}
    wordings = {
        key: dict(text) for key, text in choices.items() if key in came and text != came[key]
    }
    given["wordings"] = wordings or None
    return current().id if records.update(FieldRow, field_id, given, version=version) else 0


@operation("field_reset")
def reset_field(field_id: int, *, by: Actor, at: datetime) -> int:
    """Call a pack's field and its choices as the pack does; answers the operation's id, 0 when they
    are called so. Raises Gone, Refused (`field-not-shipped`)."""
    move_epoch()
    row = row_of(field_id)
    if row.shipped_key is None or not row.shipped:
        raise Refused("field-not-shipped")
    as_shipped = {name: row.shipped.get(name) for name in WORDED}
    changed = records.update(FieldRow, field_id, {**as_shipped, "wordings": None})
    return current().id if changed else 0


def rows_of(record_type: str) -> Sequence[Any]:
    """All fields of a kind of record, in order."""
    wanted = select(FIELDS).where(FIELDS.c.record_type == record_type)
    found = database.session.execute(wanted.order_by(FIELDS.c.position, FIELDS.c.id))
    return found.mappings().all()


def row_of(field_id: int) -> Any:
    """A field. Raises Gone."""
    row = database.session.execute(select(FIELDS).where(FIELDS.c.id == field_id)).first()
    if row is None:
        raise Gone("field", field_id)
    return row


def _names_beside(record_type: str) -> set[str]:
    """The names of the fields that stand in the same table."""
    found = database.session.execute(select(FIELDS.c.record_type, FIELDS.c.name))
    return {row.name for row in found if kept_in(row.record_type) == kept_in(record_type)}


def _columns(draft: FieldDraft, there: Sequence[Row]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "label": dict(draft.label),
        "hint": dict(draft.hint) if draft.hint else None,
        "group": dict(draft.group) if draft.group else None,
        "required_when": to_json(ALWAYS) if draft.required else None,
        "indexed": draft.indexed,
        "only_for": draft.only_for,
        "aliases": list(draft.aliases) or None,
    }
    if draft.choices is not None:
        values["choices"] = _choices(draft.choices, there) or None
    return values


def _choices(drafts: Sequence[ChoiceDraft], there: Sequence[Row]) -> list[dict[str, Any]]:
    """The choices as they are to be; those that are not named any more are retired."""
    taken = {one["key"] for one in there}
    found: list[dict[str, Any]] = []
    for draft in drafts:
        key = draft.key if draft.key in taken else None
        if key is None:
            key = _free_key(draft.label, taken | {one["key"] for one in found})
        found.append({"key": key, "label": dict(draft.label), "retired": draft.retired})
    return kept_choices(found, there)


def refuse_double(rows: Sequence[Row], label: Words, besides: int = 0) -> None:
    """Raise Refused for a label that one of these fields has that are asked for, but for the one with
    the id `besides`."""
    wanted = {(language, words.casefold()) for language, words in label.items() if words}
    for row in rows:
        there = {(language, words.casefold()) for language, words in row["label"].items()}
        if row["state"] == "active" and row["id"] != besides and wanted & there:
            raise Refused(
                "field-exists", {"label": next(words for words in label.values() if words)}
            )


def refuse_quick(record_type: str, wanted: bool) -> None:
    """Raise Refused where one more quick field is wanted than there may be."""
    if wanted and len(indexed_in_all(record_type)) >= MOST_INDEXED:
        raise Refused("fields-too-quick", {"most": MOST_INDEXED})


def _refuse_unfit(field_id: int) -> None:
    """Raise Refused for a field that could not be read again as it was written just now."""
    try:
        field_of_row(row_of(field_id))
    except UNREADABLE as wrong:
        raise Refused("field-unfit") from wrong


def plain(label: Words) -> str:
    """A label in small letters and digits: the English one, else as the Chinese one sounds."""
    for text in (label.get("en", ""), *(readings(label["zh"])[:1] if label.get("zh") else ())):
        words = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
        if words:
            return words
    return ""


def _free_name(label: Words, taken: Collection[str]) -> str:
    words = plain(label)
    start = words if words[:1].isalpha() else f"field_{words}".strip("_")
    whole = f"{CUSTOM}__{start}"[:LONGEST_NAME].rstrip("_")
    return _numbered(whole, taken, LONGEST_NAME)


def _free_key(label: Words, taken: Collection[str]) -> str:
    return _numbered(plain(label)[:LONGEST_KEY].strip("_") or "choice", taken, LONGEST_KEY)


def _numbered(text: str, taken: Collection[str], longest: int) -> str:
    """The text, or the first of `text_2`, `text_3` … that is free."""
    found, number = text, 1
    while found in taken:
        number += 1
        end = f"_{number}"
        found = text[: longest - len(end)].rstrip("_") + end
    return found
