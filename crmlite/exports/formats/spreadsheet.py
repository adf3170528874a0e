"""Excel files: texts stay texts, whatever they look like; days and numbers are real ones.

Rows go to the disk as they come. What is on its way lies in a folder of its own that is gone
afterwards; what a crash left of one is removed with the next file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from crmlite.exports.values import Cell
from crmlite.files.workplaces import workplace
from crmlite.rules.spreadsheet_shield import unshielded
from crmlite.rules.text import CONTROLS

Row = Sequence[Cell]
WORK = ".crmlite-export-"
FORGOTTEN = timedelta(hours=2)  # no file takes so long to write
PIECE = 1 << 18  # bytes
MOST_ROWS = 1_048_576  # of a sheet, the headings included
LONGEST = 32_767  # characters of a cell
EXACT = 10**15  # larger numbers lose figures in a spreadsheet
FIRST_DAY = date(1900, 3, 1)  # spreadsheets count the days before it wrongly
WIDTH = 16
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")  # of sheets
LONGEST_NAME = 31  # of a sheet, in the units of UTF-16
ROOM = 5  # of those for the number of a further sheet
RESERVED = "history"  # spreadsheets keep a sheet of this name for themselves
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def written(
    title: str,
    headings: Sequence[str],
    pieces: Iterable[Iterable[Row]],
    folder: Path,
    at: datetime,
) -> Iterator[bytes]:
    """The file in pieces, the first one when all of it is made. `folder` is where there is room."""
    with workplace(folder, WORK, at, forgotten=FORGOTTEN) as scratch:
        path = scratch / "export.xlsx"
        _write(path, title, headings, pieces)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _write(
    path: Path, title: str, headings: Sequence[str], pieces: Iterable[Iterable[Row]]
) -> None:
    from xlsxwriter import Workbook

    with Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)}) as book:
        writer = _Writer(book, title, headings)
        for rows in pieces:
            for row in rows:
                writer.add(row)


class _Writer:
    """Writes rows into sheets, as many as they need."""

    def __init__(self, book: Any, title: str, headings: Sequence[str]) -> None:
        self.book, self.title, self.headings = book, _sheet_name(title), headings
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.yes, self.no = str(_("yes")), str(_("no"))
        self.cut = str(_("[… cut off: a cell of a spreadsheet takes no more]"))
        self.sheets = 0
        self._begin()

    def _begin(self) -> None:
        self.sheets += 1
        name = self.title if self.sheets == 1 else f"{self.title} {self.sheets}"
        self.sheet = self.book.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, max(len(self.headings) - 1, 0), WIDTH)
        for place, heading in enumerate(self.headings):
            self.sheet.write_string(0, place, self._fit(heading), self.bold)
        self.row = 0

    def add(self, cells: Row) -> None:
        """Write one row."""
        if self.row == MOST_ROWS - 1:
            self._begin()
        self.row += 1
        for place, cell in enumerate(cells):
            self._put(place, cell)

    def _put(self, place: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case bool():
                self.sheet.write_string(self.row, place, self.yes if cell else self.no)
            case Decimal() | int() if abs(cell) < EXACT:
                self.sheet.write_number(self.row, place, cell)
            case datetime():
                plain = cell.replace(tzinfo=None)
                if plain.date() < FIRST_DAY:
                    self.sheet.write_string(self.row, place, plain.isoformat(" ", "minutes"))
                else:
                    self.sheet.write_datetime(self.row, place, plain, self.moment)
            case date() if cell >= FIRST_DAY:
                self.sheet.write_datetime(self.row, place, cell, self.day)
            case _:
                self.sheet.write_string(self.row, place, self._fit(str(cell)))

    def _fit(self, text: str) -> str:
        text = CONTROLS.sub("", text)
        if unshielded(text) != text:  # a cell says that it is text; a `'` of its own must stay
            text = f"'{text}"
        return text if len(text) <= LONGEST else text[: LONGEST - len(self.cut)] + self.cut


def _sheet_name(title: str) -> str:
    """A title as a spreadsheet takes it for the name of a sheet, with room for a number behind it."""
    plain = " ".join(NOT_IN_NAMES.sub(" ", CONTROLS.sub("", title)).split()).strip("' ")
    units = plain.encode("utf-16-le", "ignore")[: 2 * (LONGEST_NAME - ROOM)]
    name = units.decode("utf-16-le", "ignore").strip("' ") or str(_("List"))
    return f"{name} 1" if name.lower() == RESERVED else name
