"""The fields that packs declare, as the rows that they bring."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.fields.drafts import kept_choices
from crmlite.fields.models import FieldRow
from crmlite.rules.conditions import to_json
from crmlite.rules.fields import Choice, Field
from crmlite.rules.wording import Label
from crmlite.wording import N_
from crmlite.work.shipped import Shipment

FIXED = ("record_type", "name", "kind", "sensitive", "multiple")
MISFIT = N_("The kind of a field never changes, nor whether it is sensitive.")
RETIRED = {"state": "retired"}


def shipments(owner: str) -> Iterator[Shipment]:
    """The fields of one owner. A field that is declared no more is asked for no more."""
    rows: dict[str, dict[str, Any]] = {}
    first: dict[str, dict[str, Any]] = {}
    there = _choices_there(owner)
    position = _next_position()
    for record_type, fields in declared(owner):
        for field in fields:
            key = shipped_key(record_type, field.name)
            rows[key] = _row(record_type, field, there.get(key, ()))
            first[key] = {"position": position}
            position += 1
    yield Shipment(
        model=FieldRow,
        owner=owner,
        rows=rows,
        gone=RETIRED,
        first=first,
        fixed=FIXED,
        misfit=MISFIT,
    )


def declared(owner: str) -> list[tuple[str, tuple[Field, ...]]]:
    """What an owner declares, by kind of record."""
    return [
        ("customer", hooks.declared("register_customer_fields", owner)),
        ("contact", hooks.declared("register_contact_fields", owner)),
        ("case", hooks.declared("register_case_fields", owner)),
        ("order", hooks.declared("register_order_fields", owner)),
        *((kind.name, kind.fields) for kind in hooks.declared("register_object_kinds", owner)),
    ]


def shipped_key(record_type: str, name: str) -> str:
    """What a field is known by among those of its owner."""
    return f"{record_type}.{name}"


def labelled(label: Label) -> dict[str, str]:
    """A label as it is kept."""
    return {"en": label} if isinstance(label, str) else dict(label)


def choice_row(choice: Choice) -> dict[str, Any]:
    """A choice as it is kept."""
    return {"key": choice.key, "label": labelled(choice.label), "retired": choice.retired}


def _row(record_type: str, field: Field, there: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    choices = kept_choices([choice_row(choice) for choice in field.choices], there)
    return {
        "record_type": record_type,
        "name": field.name,
        "kind": field.kind,
        "label": labelled(field.label),
        "hint": labelled(field.hint) if field.hint else None,
        "group": _heading(record_type, field),
        "choices": choices or None,
        "choices_from": field.choices_from,
        "required_when": None if field.required_when is None else to_json(field.required_when),
        "only_for": field.only_for,
        "sensitive": field.sensitive,
        "indexed": field.indexed,
        "multiple": field.multiple,
        "aliases": list(field.aliases) or None,
        "state": "active",
    }


def _heading(record_type: str, field: Field) -> dict[str, str] | None:
    """What it stands under: what it says, else what its pack is called; a pack's own records need no
    heading."""
    if field.group:
        return labelled(field.group)
    return None if "__" in record_type else labelled(hooks.title(field.pack))


def _choices_there(owner: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The choices that the owner's fields have by now: none of them is ever taken away."""
    table = FieldRow.__table__
    found = select(table.c.shipped_key, table.c.choices).where(
        table.c.owner == owner, table.c.shipped_key.is_not(None), table.c.choices.is_not(None)
    )
    return {row.shipped_key: row.choices for row in database.session.execute(found)}


def _next_position() -> int:
    found = database.session.execute(select(func.max(FieldRow.__table__.c.position))).scalar()
    return 0 if found is None else found + 1
