"""Further fields of any record of the book: their values for a reader, in words and in columns.

Customers, contacts, cases and orders show them with this; what they are, `crmlite.fields` knows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from crmlite import settings
from crmlite.access import Reader, Shown
from crmlite.customers.words import in_words
from crmlite.db.guarded_json import EXTRA, PREFIX
from crmlite.fields import fields_of, known_fields, resting
from crmlite.fields.entering import heading
from crmlite.fields.showing import of_record
from crmlite.fields.values import read_back
from crmlite.rules.fields import Field
from crmlite.wording import label

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """A field with its value in words. An `inferred` value is one that nobody has confirmed."""

    name: str
    label: str
    text: str
    masked: bool = False
    editable: bool = False
    inferred: bool = False


def currency_of(row: Row) -> str:
    """The currency of a record's amounts: its own, else the firm's."""
    return str(row.get("currency") or settings.get("currency"))


def facts(
    reader: Reader, table: Table, row: Row, owner_id: int | None, fields: Iterable[Field]
) -> list[Fact]:
    """Fields of a record in words, also the empty ones."""
    found = []
    for field in fields:
        value = of_record(reader, table, field, row, owner_id)
        text = in_words(field, value, currency=currency_of(row))
        masked = isinstance(value, Shown) and value.masked
        found.append(Fact(field.name, label(field.label), text, masked))
    return found


def filled_groups(
    reader: Reader, table: Table, record_type: str, row: Row, owner_id: int | None
) -> list[tuple[str, list[Fact]]]:
    """The fields of a record that have a value, under their headings."""
    groups: dict[str, list[Fact]] = {}
    fields = fields_of(record_type) if row[EXTRA] else ()
    for field, fact in zip(fields, facts(reader, table, row, owner_id, fields), strict=True):
        if fact.text:
            groups.setdefault(heading(field), []).append(fact)
    return list(groups.items())


def resting_facts(reader: Reader, table: Table, row: Row, owner_id: int | None) -> list[Fact]:
    """What a record keeps of fields that are asked for no more."""
    if not row[EXTRA]:
        return []
    asked = [field for field in resting(record_name(table)) if field.name in row[EXTRA]]
    return [fact for fact in facts(reader, table, row, owner_id, asked) if fact.text]


def record_name(table: Table) -> str:
    """What a table's records are called in the ledger."""
    return str(table.info.get("record", table.name))


def words_of(record_type: str, column: str, value: Any) -> str | None:
    """A value out of the change record in words; None for what is no further field."""
    if not column.startswith(PREFIX):
        return None
    field = known_fields(record_type).get(column.removeprefix(PREFIX))
    if field is None:
        return None
    read = read_back(field, value)
    return in_words(field, value if read is None else read)
