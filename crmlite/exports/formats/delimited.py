"""CSV as spreadsheets open it: UTF-8 with its mark, every cell in quotes, nothing to calculate."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from crmlite.exports.values import Cell
from crmlite.rules.spreadsheet_shield import shielded

Row = Sequence[Cell]


def written(headings: Sequence[str], pieces: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """The file, a piece for each piece of rows."""
    yes, no = str(_("yes")), str(_("no"))

    def text(cell: Cell) -> str:
        return shielded(cell) if isinstance(cell, str) else plain(cell, yes, no)

    before = codecs.BOM_UTF8 + _lines([list(map(shielded, headings))])
    for rows in pieces:
        yield before + _lines([text(cell) for cell in row] for row in rows)
        before = b""
    if before:
        yield before


def plain(cell: Cell, yes: str, no: str) -> str:
    """A cell that is no text, as text: days and moments by ISO 8601, numbers without groups."""
    match cell:
        case bool():
            return yes if cell else no
        case datetime():
            return cell.replace(tzinfo=None).isoformat(" ", "seconds")
        case Decimal():
            return f"{cell:f}"
        case None:
            return ""
        case int():
            return str(cell)
    return cell.isoformat() if not isinstance(cell, str) else cell


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()
