"""Records of packs as a file: those of a list, in its order, with what the reader may see of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from crmlite.access import Reader
from crmlite.exports.formats import delimited, records, spreadsheet
from crmlite.exports.values import Cell, Values
from crmlite.exports.wanted import EXPORT
from crmlite.extensions import database
from crmlite.objects import lists
from crmlite.objects.kinds import Kind
from crmlite.objects.models import Object
from crmlite.objects.query_string import Wanted
from crmlite.rules.fields import Field
from crmlite.wording import N_, label
from crmlite.work.records import chunks

Row = Mapping[str, Any]
OBJECTS = Object.__table__
BEFORE: Mapping[str, str] = {
    "customer_number": N_("Customer no."),
    "customer": N_("Customer"),
}
PARENTS: Mapping[str, str] = {
    "contact": N_("Contact"),
    "order": N_("Order no."),
    "case": N_("Case no."),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: by its key, with what stands above it and in it."""

    key: str
    heading: str
    value: Callable[[Row], Cell]


def columns_of(of: Kind, values: Values) -> list[Column]:
    """Whose a record is, what it hangs on, and all its fields."""
    about = dict(BEFORE)
    if of.parent in PARENTS:
        about["parent_name"] = PARENTS[of.parent]
    found = [Column(key, label(text), _of_row(key)) for key, text in about.items()]
    fields = (Column(one.name, label(one.label), _of_field(one, values)) for one in of.fields)
    return [*found, *fields]


def _of_row(key: str) -> Callable[[Row], Cell]:
    return lambda row: row[key]


def _of_field(field: Field, values: Values) -> Callable[[Row], Cell]:
    return lambda row: values.further_in_words(OBJECTS, field, row, row["owner_id"])


def ids_of(of: Kind, reader: Reader, wanted: Wanted) -> list[int]:
    """The ids of the records that are wanted, in order."""
    ids = lists.ids_in_order(of, reader, wanted)
    database.session.close()
    return ids


def made(
    of: Kind,
    kind: str,
    reader: Reader,
    ids: Sequence[int],
    at: datetime,
    looked: Callable[[], None],
) -> Iterator[bytes]:
    """The file in pieces. `looked` is called after whole sensitive values were read and before they
    are handed out."""
    columns = columns_of(of, Values(reader))
    if kind == "json":
        return records.written(_told(of, reader, ids, _by_key(columns), looked))
    headings = [one.heading for one in columns]
    rows = _told(of, reader, ids, lambda row: [one.value(row) for one in columns], looked)
    if kind == "csv":
        return delimited.written(headings, rows)
    folder: Path = current_app.extensions["crmlite.config"].instance
    return spreadsheet.written(of.nouns, headings, rows, folder, at)


def _by_key(columns: Sequence[Column]) -> Callable[[Row], Mapping[str, Any]]:
    return lambda row: {one.key: one.value(row) for one in columns}


def _told(
    of: Kind,
    reader: Reader,
    ids: Sequence[int],
    told: Callable[[Row], Any],
    looked: Callable[[], None],
) -> Iterator[list[Any]]:
    for some in chunks(ids):
        rows = lists.rows_of(of, reader, some)
        piece = [told(row) for row in rows if reader.covers(EXPORT, row["owner_id"])]
        database.session.close()
        looked()
        yield piece
