"""The fields as the page for managers shows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.fields.indexes import index_name, unmade
from crmlite.fields.models import FieldRow
from crmlite.fields.queries import is_custom
from crmlite.fields.record_types import ASKED_OF, KINDS
from crmlite.wording import label

FIELDS = FieldRow.__table__


@dataclass(frozen=True)
class FieldLine:
    """A field with what there is to say about it. `in_making` says that its index is not there yet."""

    row: Any
    in_making: bool = False

    @property
    def id(self) -> int:
        """By which it is addressed."""
        return int(self.row.id)

    @property
    def record_type(self) -> str:
        """What it is recorded of."""
        return str(self.row.record_type)

    @property
    def state(self) -> str:
        """Active or retired."""
        return str(self.row.state)

    @property
    def pack(self) -> str:
        """The pack that it came with; empty for a manager's own."""
        return "" if self.is_custom else str(self.row.name.partition("__")[0])

    @property
    def pack_title(self) -> str:
        """What that pack is called."""
        return label(hooks.title(self.pack)) if self.pack else ""

    @cached_property
    def is_custom(self) -> bool:
        """Whether a manager made it."""
        return is_custom(self.row)

    @property
    def name(self) -> str:
        """What it is called."""
        return label(self.row.label)

    @property
    def kind(self) -> str:
        """What kind of thing it holds."""
        return label(KINDS.get(self.row.kind, self.row.kind))

    @property
    def group(self) -> str:
        """Under which heading it stands; empty for that of all others."""
        return label(self.row.group) if self.row.group else ""

    @property
    def asked_of(self) -> str:
        """Which kind of customer is asked for it; empty for both."""
        return label(ASKED_OF[self.row.only_for]) if self.row.only_for else ""

    @property
    def choices(self) -> Sequence[Mapping[str, Any]]:
        """Its choices in the words of now."""
        wordings = self.row.wordings or {}
        return [
            {**one, "label": {**one["label"], **wordings.get(one["key"], {})}}
            for one in self.row.choices or ()
        ]

    @property
    def is_reworded(self) -> bool:
        """Whether a manager calls it, or a choice of it, otherwise than its pack."""
        came = self.row.shipped or {}
        if self.row.shipped_key is None:
            return False
        return bool(self.row.wordings) or any(
            getattr(self.row, name) != came.get(name) for name in ("label", "hint", "group")
        )

    def is_on(self, packs: Collection[str]) -> bool:
        """Whether its pack is among these, which are on."""
        return self.row.owner == "" or self.row.owner in packs


def lines_of(record_type: str) -> list[FieldLine]:
    """All fields of a kind of record, in order."""
    wanted = select(FIELDS).where(FIELDS.c.record_type == record_type)
    rows = database.session.execute(wanted.order_by(FIELDS.c.position, FIELDS.c.id)).all()
    missing = unmade() if any(row.indexed for row in rows) else set()
    return [FieldLine(row, index_name(record_type, row.name) in missing) for row in rows]


def field_row(field_id: int) -> FieldLine | None:
    """A field; None for none."""
    row = database.session.execute(select(FIELDS).where(FIELDS.c.id == field_id)).first()
    return FieldLine(row) if row is not None else None
