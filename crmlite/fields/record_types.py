"""How the change record speaks of further fields."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.fields.following import follow
from crmlite.fields.models import FieldRow
from crmlite.fields.operations.returning import may_return, restore_choices
from crmlite.fields.record_kinds import kind_words
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

ASKED_OF = {
    "": N_("All customers"),
    "company": N_("Companies only"),
    "person": N_("People only"),
}
KINDS = {
    "text": N_("Line of text"),
    "longtext": N_("Longer text"),
    "choice": N_("One of several choices"),
    "choices": N_("Several choices"),
    "integer": N_("Whole number"),
    "number": N_("Number with decimals"),
    "amount": N_("Amount of money"),
    "date": N_("Day"),
    "moment": N_("Day and time"),
    "boolean": N_("Yes or no"),
    "person": N_("Person of the firm"),
    "team": N_("Team"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "im": N_("WeChat/WeCom"),
    "url": N_("Website"),
    "industry": N_("Industry"),
}
STATES = {"active": N_("asked for"), "retired": N_("asked for no more")}


def record_types() -> list[RecordType]:
    """Fields."""
    return [
        RecordType(
            name="field",
            label=N_("Field"),
            many=N_("Fields"),
            model=FieldRow,
            icon="template",
            title="label",
            url=_address,
            edit="fields:manage",
            fixed=(
                "record_type",
                "name",
                "kind",
                "sensitive",
                "multiple",
                "position",
                "state",
                "owner",
                "shipped_key",
                "shipped",
            ),
            gone={"state": "retired"},
            returnable=may_return,
            withheld=N_(
                "Not undone. Either another field has its name by now, or no further one can be quick: "
                "change that one first. Or records are called or dated by this field, so it is always "
                "asked for."
            ),
            restorers={"choices": restore_choices},
            refresh=_renew,
            wording=_words,
            operations={
                "field_moved": N_("Order of fields changed"),
                "field_worded": N_("Field called otherwise"),
                "field_retired": N_("Field asked for no more"),
                "field_revived": N_("Field asked for again"),
                "field_reset": N_("Field as shipped again"),
            },
            labels={
                "record_type": N_("Kind of record"),
                "name": N_("Key"),
                "kind": N_("What it holds"),
                "label": N_("Label"),
                "hint": N_("Hint"),
                "group": N_("Grouped under"),
                "choices": N_("Choices"),
                "choices_from": N_("List"),
                "wordings": N_("Names of choices"),
                "required_when": N_("Needed"),
                "only_for": N_("Asked of"),
                "sensitive": N_("Sensitive"),
                "indexed": N_("Quick to filter and sort"),
                "multiple": N_("Several values"),
                "aliases": N_("Other headings in files"),
                "position": N_("Position"),
                "state": N_("State"),
                "owner": N_("Pack"),
                "shipped_key": N_("Key"),
                "shipped": N_("As shipped"),
            },
        )
    ]


def _address(field_id: int) -> str:
    return url_for("fields.edit", field_id=field_id)


def _renew(_ids: Sequence[int]) -> None:
    """Other fields are asked for."""
    follow()


def _words(column: str, value: Any) -> str | None:
    if value is None:
        return None
    worded: dict[str, Callable[[Any], str]] = {
        "record_type": kind_words,
        "kind": lambda kind: label(KINDS.get(kind, kind)),
        "state": lambda state: label(STATES.get(state, state)),
        "choices": lambda some: _(", ").join(label(one["label"]) for one in some),
        "wordings": lambda some: _(", ").join(label(one) for one in some.values()),
        "only_for": lambda kind: label(ASKED_OF[kind]),
        "required_when": lambda _tree: str(_("yes")),
    }
    return worded[column](value) if column in worded else None
