"""Puts what stands in the ledger into words: fields, values, deeds and where they came from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_currency, format_date, format_datetime
from flask_babel import gettext as _
from sqlalchemy import Date, Table

from crmlite import settings
from crmlite.access import Reader, Shown
from crmlite.access.sensitive import NOTHING, note_viewing
from crmlite.accounts.queries import person_name
from crmlite.db.columns import UTCDateTime
from crmlite.db.guarded_json import PREFIX, guard_of
from crmlite.fields import known_fields
from crmlite.history.queries.glimpses import Glimpse, Record, shown_safely
from crmlite.jobs.kinds import kinds as job_kinds
from crmlite.rules.amounts import exponent
from crmlite.wording import N_, label, language
from crmlite.work.record_types import RecordType, record_types

SOURCES = {
    "web": N_("form"),
    "person": N_("form"),
    "command": N_("command line"),
    "job": N_("background work"),
    "import": N_("import"),
    "pack": N_("rule"),
    "token": N_("API"),
}
MACHINES = {
    "command": N_("Command line"),
    "job": N_("Background work"),
    "import": N_("Import"),
    "pack": N_("Pack"),
    "token": N_("API"),
}
PROGRAMS = {
    "crmlite": "",
    "demo": N_("demo data"),
    "setup": N_("set-up"),
}  # what acts on the command line
DEEDS = {
    "create": N_("%(noun)s added"),
    "update": N_("%(noun)s changed"),
    "delete": N_("%(noun)s removed"),
    "deleted": N_("%(noun)s deleted"),
    "restored": N_("%(noun)s restored"),
    "archived": N_("%(noun)s archived"),
}
PATTERNS = {  # how operations are called, by the last word of their name
    "created": N_("%(noun)s added"),
    "added": N_("%(noun)s added"),
    "logged": N_("%(noun)s logged"),
    "changed": N_("%(noun)s changed"),
    "updated": N_("%(noun)s changed"),
    "renamed": N_("%(noun)s renamed"),
    "moved": N_("%(noun)s moved"),
    "deleted": N_("%(noun)s deleted"),
    "removed": N_("%(noun)s removed"),
    "restored": N_("%(noun)s restored"),
    "archived": N_("%(noun)s archived"),
    "retired": N_("%(noun)s no longer offered"),
    "revived": N_("%(noun)s brought back"),
    "imported": N_("%(noun)s imported"),
    "merged": N_("%(noun)s merged"),
    "disabled": N_("%(noun)s disabled"),
    "enabled": N_("%(noun)s enabled"),
    "done": N_("%(noun)s done"),
    "finished": N_("%(noun)s done"),
    "dropped": N_("%(noun)s dropped"),
    "saved": N_("%(noun)s saved"),
}
OPERATIONS = {
    "operation_undone": N_("Undone"),
    "value_restored": N_("Earlier value restored"),
    "record_restored": N_("Restored from the recycle bin"),
    "settings_changed": N_("Settings changed"),
    "data_shipped": N_("Shipped data put in"),
}


def operation_words(name: str) -> str:
    """What an operation did, such as "Customer added"; its name when nothing better is known."""
    kinds = record_types()
    for kind in kinds.values():
        if name in kind.operations:
            return label(kind.operations[name])
    if name in OPERATIONS:
        return label(OPERATIONS[name])
    noun, _underscore, verb = name.rpartition("_")
    kind = _kind_called(noun)
    if kind is not None and verb in PATTERNS:
        return str(_(PATTERNS[verb], noun=label(kind.label)))
    return name.replace("_", " ")


def _kind_called(noun: str) -> RecordType | None:
    """The kind of record that an operation's name speaks of: `view` is short for `saved_view`."""
    kinds = record_types()
    wanted = (noun, noun.removesuffix("s"))
    return next(
        (
            kind
            for name, kind in kinds.items()
            if name in wanted or name.rpartition("_")[2] in wanted
        ),
        None,
    )


def actor_words(kind: str, name: str) -> str:
    """Who did it: a person's name, or what sort of machine, with what it is called."""
    if kind == "person":
        return name
    machine = label(MACHINES.get(kind, kind))
    called = _called(kind, name)
    return f"{machine} · {called}" if called else machine


def _called(kind: str, name: str) -> str:
    if kind == "job" and name in job_kinds():
        return label(job_kinds()[name].label)
    return label(PROGRAMS.get(name, name)) if kind == "command" else name


def source_words(source: str) -> str:
    """Where a change came from: a form, an import, the API, a rule."""
    return label(SOURCES.get(source, source))


def deed(verb: str, diff: Mapping[str, Any]) -> str:
    """What happened to a record: `create`, `update`, `delete`, or one of the moves between the
    book and the recycle bin."""
    was, now = diff.get("state", (None, None))
    if verb == "update" and now != was:
        if now in ("deleted", "archived"):
            return str(now)
        if was in ("deleted", "archived"):
            return "restored"
    return verb


def happened(name: str, kind: str, called: str = "") -> str:
    """What happened to a record: "Contact added: Claire Harlow"."""
    deed = str(_(DEEDS[name], noun=kind))
    return str(_("%(deed)s: %(name)s", deed=deed, name=called)) if called else deed


def field_words(kind: RecordType, name: str) -> str:
    """What a column, or a field of a pack (`extra.retail__points`), is called."""
    own = name.removeprefix(PREFIX)
    if own != name:
        found = known_fields(kind.name).get(own)
        return label(found.label) if found else own.rpartition("__")[2].replace("_", " ")
    words = kind.labels.get(name)
    if not words and (target := record_types().get(target_of(kind.table, name))):
        words = target.label  # a link says what it leads to
    return label(words) if words else name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Words values for one reader. `known` holds the records that values refer to."""

    reader: Reader
    known: Mapping[Record, Glimpse]

    def value(
        self, kind: RecordType, record: Glimpse | None, name: str, stored: Any, owner_id: int | None
    ) -> Shown:
        """A value out of a diff, masked for the reader exactly as on its page."""
        if stored is None or stored in ("", []):
            return NOTHING
        table, uid = kind.table, record.uid if record else ""
        column = table.c.get(name)
        guarded = name in table.info.get("sensitive", {}) or guard_of(table, name) is not None
        if guarded or (column is not None and column.info.get("sealed")):
            shown = shown_safely(self.reader, kind, name, stored, uid=uid, owner_id=owner_id)
            if shown.masked:
                return shown
            if guarded and record is not None:
                note_viewing(table, record.id, name)
            stored = shown.value
        return Shown(self.words(kind, record, name, stored), False, stored)

    def words(self, kind: RecordType, record: Glimpse | None, name: str, value: Any) -> str:
        """A value that the reader may see."""
        currency = record.currency if record else ""
        if name in kind.amounts and isinstance(value, int):
            return amount(value, currency)
        if name.startswith(PREFIX) and self._is_amount(kind, name):
            return amount(value, currency or str(settings.get("currency")))
        if kind.wording is not None and (words := kind.wording(name, value)) is not None:
            return words
        if name in kind.choices:
            return settings.choice_label(kind.choices[name], value)
        if (referred := self.referred(kind.table, name, value)) is not None:
            return referred
        return plain_words(kind.table, name, value)

    @staticmethod
    def _is_amount(kind: RecordType, name: str) -> bool:
        found = known_fields(kind.name).get(name.removeprefix(PREFIX))
        return found is not None and found.kind == "amount"

    def referred(self, table: Table, name: str, value: Any) -> str | None:
        """The name of the record that a column leads to; None for other columns."""
        target = target_of(table, name)
        if target == "user":
            return person_name(value) or str(value)
        other = self.known.get((target, value)) if target else None
        return other.name(self.reader) or str(value) if other else None


def target_of(table: Table, name: str) -> str:
    """The kind of record that a column refers to; empty when it refers to none."""
    column = table.c.get(name)
    keys = list(column.foreign_keys) if column is not None else []
    if not keys:
        return ""
    target = keys[0].column.table
    return str(target.info.get("record", target.name))


def amount(minor: int, currency: str) -> str:
    """An amount in minor units with its currency; decimals only where there are some."""
    if not currency:
        return str(minor)
    major = Decimal(minor).scaleb(-exponent(currency))
    decimals = "" if major == major.to_integral_value() else "." + "0" * exponent(currency)
    return str(format_currency(major, currency, format=f"¤#,##0{decimals}", currency_digits=False))


def plain_words(table: Table, name: str, value: Any) -> str:
    """A value by what its column holds."""
    column = table.c.get(name)
    if isinstance(value, str) and column is not None:
        if isinstance(column.type, UTCDateTime):
            return str(format_datetime(datetime.fromisoformat(value), "medium"))
        if isinstance(column.type, Date):
            return str(format_date(date.fromisoformat(value), "medium"))
    return of_json(value)


def of_json(value: Any) -> str:
    """A value that is its own explanation: text, yes and no, lists, labels in both languages."""
    worders: tuple[tuple[type, Callable[[Any], str]], ...] = (
        (bool, lambda flag: _("Yes") if flag else _("No")),
        (list, lambda several: listed(of_json(one) for one in several)),
        (dict, _of_mapping),
    )
    for kind, words in worders:
        if isinstance(value, kind):
            return words(value)
    return "" if value is None else str(value)


def _of_mapping(value: Mapping[str, Any]) -> str:
    if value.keys() <= {"en", "zh"}:
        return label(value)
    return listed(f"{name}{_(': ')}{of_json(one)}" for name, one in value.items())


def listed(words: Iterable[str]) -> str:
    """Several words as the reader's language lists them."""
    return ("、" if language() == "zh" else ", ").join(words)
