"""A file from what is asked for: customers read in pieces, written in pieces."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from crmlite.exports import book, plans
from crmlite.exports.archive import READ, Archive
from crmlite.exports.book import Whole
from crmlite.exports.columns import Column, Columns, reads_of
from crmlite.exports.formats import delimited, records, spreadsheet
from crmlite.exports.values import Values
from crmlite.exports.wanted import PLAN, Wanted
from crmlite.strategies.table import HEADINGS, TITLE
from crmlite.wording import label

Look = Callable[[], None]


def made(wanted: Wanted, ids: Sequence[int], at: datetime, looked: Look) -> Iterator[bytes]:
    """The file in pieces. `looked` is called after whole sensitive values were read and before they
    are handed out."""
    if wanted.layout == PLAN:
        return _plans(wanted, ids, at, looked)
    values = Values(wanted.reader)
    if wanted.is_archive:
        archive = Archive(values)
        return records.written(_told(wanted, ids, READ, archive.record, looked))
    columns = Columns(values).of(wanted)
    reads = reads_of(columns)
    if wanted.format == "json":
        return records.written(_told(wanted, ids, reads, _by_key(columns), looked))
    headings = [column.heading for column in columns]
    rows = _told(wanted, ids, reads, lambda whole: [one.value(whole) for one in columns], looked)
    if wanted.format == "csv":
        return delimited.written(headings, rows)
    folder: Path = current_app.extensions["crmlite.config"].instance
    return spreadsheet.written(str(_("Customer book")), headings, rows, folder, at)


def _plans(wanted: Wanted, ids: Sequence[int], at: datetime, looked: Look) -> Iterator[bytes]:
    """The strategy table of the customers."""
    found = plans.pieces(wanted, ids, looked)
    if wanted.format == "json":
        return records.written([plans.told(line) for line in piece] for piece in found)
    headings = [label(words) for words in HEADINGS.values()]
    rows = ([list(plans.told(line).values()) for line in piece] for piece in found)
    if wanted.format == "csv":
        return delimited.written(headings, rows)
    folder: Path = current_app.extensions["crmlite.config"].instance
    return spreadsheet.written(label(TITLE), headings, rows, folder, at)


def _told(
    wanted: Wanted,
    ids: Sequence[int],
    reads: frozenset[str],
    told: Callable[[Whole], Any],
    looked: Look,
) -> Iterator[list[Any]]:
    for piece in book.pieces(ids, wanted, reads):
        records_of_piece = [told(whole) for whole in piece]
        looked()
        yield records_of_piece


def _by_key(columns: Sequence[Column]) -> Callable[[Whole], Mapping[str, Any]]:
    def told(whole: Whole) -> Mapping[str, Any]:
        return {column.key: column.value(whole) for column in columns}

    return told
