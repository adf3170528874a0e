"""Which kinds of records there are: from memory, as long as the firm's fields stay as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from crmlite import fields, hooks
from crmlite.customers.words import in_words
from crmlite.extensions import database
from crmlite.fields import fields_of, known_fields, resting
from crmlite.objects.models import ObjectType
from crmlite.rules.fields import Field
from crmlite.rules.values import from_stored
from crmlite.wording import label
from crmlite.work.operations import current, is_running

KEY = "crmlite.objects"
TYPES = ObjectType.__table__


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Kind:
    """A kind of records. One that `is_on` is offered; of any other, records are only shown."""

    id: int
    name: str
    label: Mapping[str, str]
    many: Mapping[str, str]
    icon: str
    parent: str
    title: str
    day: str
    in_timeline: bool
    listed: bool
    is_on: bool

    @property
    def pack(self) -> str:
        """The pack that brings it."""
        return self.name.partition("__")[0]

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is recorded of one, in order; of a kind that is off, what was."""
        return fields_of(self.name) if self.is_on else resting(self.name)

    def field(self, name: str) -> Field | None:
        """A field of it, whether it is asked for or not; None for none."""
        return known_fields(self.name).get(name)

    @property
    def noun(self) -> str:
        """What one is called in the reader's language."""
        return label(self.label)

    @property
    def nouns(self) -> str:
        """What several are called."""
        return label(self.many)

    def title_of(self, value: Any) -> str:
        """What one is called, by the stored value of the field that names it."""
        field = self.field(self.title)
        if field is None or value in (None, ""):
            return self.noun
        return in_words(field, value)

    def derived(self, extra: Mapping[str, Any]) -> dict[str, Any]:
        """What follows from what is recorded: `called`, and `day` where a field dates it."""
        found: dict[str, Any] = {"called": [self.id, extra.get(self.title)]}
        if self.day and (field := self.field(self.day)) is not None:
            found["day"] = from_stored(field, extra.get(self.day))
        return found


class Known:
    """All kinds, as the fields are known."""

    def __init__(self, of: fields.Known) -> None:
        self.of = of
        rows = database.session.execute(select(TYPES).order_by(TYPES.c.position, TYPES.c.id))
        on = hooks.enabled()
        self.by_id = {row["id"]: _kind(row, on) for row in rows.mappings()}
        self.by_name = {kind.name: kind for kind in self.by_id.values()}
        self.on = tuple(kind for kind in self.by_id.values() if kind.is_on)
        self.off = tuple(kind for kind in self.by_id.values() if not kind.is_on)


def known() -> Known:
    """What is known in this request."""
    of = fields.memory()
    # What an operation has written may still be taken back: only the operation itself keeps it.
    kept = current().known if is_running() else current_app.extensions
    found: Known | None = kept.get(KEY)
    if found is None or found.of is not of:
        found = kept[KEY] = Known(of)
    return found


def kinds() -> tuple[Kind, ...]:
    """The kinds that are offered, in order."""
    return known().on


def kind(type_id: int) -> Kind:
    """A kind by its id."""
    return known().by_id[type_id]


def kind_called(name: str) -> Kind | None:
    """A kind by its name, be it on or off; None for none."""
    return known().by_name.get(name)


def kind_on(name: str) -> Kind | None:
    """A kind by its name, if it is offered."""
    of = kind_called(name)
    return of if of is not None and of.is_on else None


def any_kinds() -> bool:
    """Whether there are any, be they on or off."""
    return bool(known().by_id)


def _kind(row: Mapping[Any, Any], on: Sequence[str]) -> Kind:
    names = (
        "id",
        "name",
        "label",
        "many",
        "icon",
        "parent",
        "title",
        "day",
        "in_timeline",
        "listed",
    )
    is_on = row["state"] == "active" and row["owner"] in on
    return Kind(**{name: row[name] for name in names}, is_on=is_on)
