"""Which fields there are: from memory, until the epoch says that something changed."""

import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from crmlite import hooks
from crmlite.db.guarded_json import Guarded
from crmlite.extensions import database
from crmlite.fields.models import FieldRow
from crmlite.fields.object_kinds import kept_in
from crmlite.fields.record_kinds import CUSTOM
from crmlite.rules.conditions import from_json
from crmlite.rules.fields import Choice, Field
from crmlite.rules.wording import Label
from crmlite.wording import label as worded
from crmlite.work.epoch import epoch
from crmlite.work.operations import current, is_running

log = logging.getLogger(__name__)
KEY = "crmlite.fields"
UNMASK = "customers:unmask"  # the right that shows what is sensitive about a customer whole
AMOUNTS = "customers:amounts"
MASKS = ("phone", "email", "im")  # the kinds that have a mask of their own
NO_FIELDS: Mapping[str, Field] = MappingProxyType({})
GONE = Guarded(UNMASK, gone=True)
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


class Guards(dict[str, Guarded]):
    """How values of a kind of record are guarded, by their names; `get` answers also for those whose
    field is there no more, which only the change record still has."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        super().__init__(
            (n, guard(one)) for n, one in fields.items() if one.sensitive or one.sealed
        )
        self._fields = fields

    def get(self, name: str, default: Any = None) -> Any:
        """How a value is guarded; the default for one that everybody sees."""
        return super().get(name, default) if name in self._fields else GONE


NO_GUARDS = Guards(NO_FIELDS)


class Known:
    """All fields as of one epoch, with these packs on, but for rows that are none."""

    def __init__(self, now: int, packs: Sequence[str]) -> None:
        self.epoch, self.packs = now, tuple(packs)
        self.all: dict[str, dict[str, Field]] = {}  # by kind of record, also those that rest
        self.active: dict[str, tuple[Field, ...]] = {}
        self.resting: dict[str, tuple[Field, ...]] = {}
        self.groups: dict[str, Label] = {}
        for row in _rows():
            if (found := readable(row)) is not None:
                self._take(row, found, row.state == "active" and row.owner in ("", *packs))
        self.guards = {kind: Guards(found) for kind, found in self.all.items()}

    def _take(self, row: Row[Any], found: Field, is_on: bool) -> None:
        kind = row.record_type
        for known in {kind, kept_in(kind)}:
            self.all.setdefault(known, {})[row.name] = found
        offered = self.active if is_on else self.resting
        offered[kind] = (*offered.get(kind, ()), found)
        if row.group:
            self.groups.setdefault(found.group, row.group)


def memory() -> Known:
    """What is known in this request."""
    known: Known | None = current_app.extensions.get(KEY)
    packs = hooks.enabled()
    if known is not None and known.epoch == epoch() and known.packs == packs:
        return known
    # What an operation has written may still be taken back: only the operation itself keeps it.
    kept = current().known if is_running() else current_app.extensions
    if kept is current_app.extensions or KEY not in kept or kept[KEY].packs != packs:
        kept[KEY] = Known(epoch(), packs)
    found: Known = kept[KEY]
    return found


def fields_of(record_type: str) -> tuple[Field, ...]:
    """The fields that are asked for of a kind of record, in order: managers' own and those of the
    packs that are on."""
    return memory().active.get(record_type, ())


def resting(record_type: str) -> tuple[Field, ...]:
    """The fields whose values are only shown: of packs that are off or gone, and retired ones."""
    return memory().resting.get(record_type, ())


def known_fields(record_type: str) -> Mapping[str, Field]:
    """All fields of a kind of record by name, also those that rest; those of all kinds of packs'
    records for `object`."""
    return memory().all.get(record_type, NO_FIELDS)


def field_of(record_type: str, name: str) -> Field | None:
    """A field that is asked for; None for any other."""
    return next((field for field in fields_of(record_type) if field.name == name), None)


def guards_of(record_type: str) -> Mapping[str, Guarded]:
    """Which values of a kind of record are sealed or masked, by their names."""
    return memory().guards.get(kept_in(record_type), NO_GUARDS)


def group_label(name: str) -> str:
    """What the heading of a group of further fields is in the reader's language; empty for none."""
    found = memory().groups.get(name)
    return worded(found) if found else ""


def guard(field: Field) -> Guarded:
    """How the values of a field are guarded."""
    masked = field.kind if field.kind in MASKS else ""
    right = AMOUNTS if field.kind == "amount" else UNMASK
    return Guarded(right, field.sealed, masked)


def readable(row: Any) -> Field | None:
    """A field as it was declared, in the words of now; None for a row that is none. That is logged and
    left out: every page asks which fields there are, and one of them must not take all away."""
    try:
        return field_of_row(row)
    except UNREADABLE as wrong:
        log.error("a field of %s is left out: %s (%s)", row.record_type, row.name, wrong)
        return None


def field_of_row(row: Any) -> Field:
    """A field as it was declared, in the words of now. Raises one of UNREADABLE, which says why the row
    is none."""
    wordings = row.wordings or {}
    return Field(
        name=row.name,
        label=in_english(row.label),
        kind=row.kind,
        choices=tuple(
            Choice(
                one["key"],
                in_english({**one["label"], **wordings.get(one["key"], {})}),
                bool(one.get("retired")),
            )
            for one in row.choices or ()
        ),
        choices_from=row.choices_from,
        required_when=None if row.required_when is None else from_json(row.required_when),
        only_for=row.only_for,
        sensitive=row.sensitive,
        indexed=row.indexed,
        multiple=row.multiple,
        group=next(iter(row.group.values()), "") if row.group else "",
        hint=row.hint or "",
        aliases=tuple(row.aliases or ()),
    )


def in_english(label: Mapping[str, str]) -> dict[str, str]:
    """A label as fields want them: what managers say in one language stands for both."""
    return {**label} if label.get("en") else {**label, "en": label.get("zh", "")}


def is_custom(row: Any) -> bool:
    """Whether a manager made the field."""
    return bool(row.name.startswith(f"{CUSTOM}__"))


def _rows() -> Sequence[Row[Any]]:
    table = FieldRow.__table__
    return database.session.execute(select(table).order_by(table.c.position, table.c.id)).all()
