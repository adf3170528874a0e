"""How a file begins: the rows that people look at, and which of them names the columns."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crmlite.imports import headings
from crmlite.imports.models import CUSTOMERS
from crmlite.imports.sources.rows import Row

SHOWN = 30  # rows of a file that people look at, and among which its headings are looked for
KEPT = 80  # characters of a cell that are kept to be looked at
NOWHERE = 0  # the row of headings of a file that has none


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first rows of a file, and the number of the one that names its columns, NOWHERE where
    none does."""

    heading_row: int
    first: Sequence[Row]

    @property
    def headings(self) -> Sequence[str]:
        """What stands above the columns; where nothing does, the letters by which spreadsheets
        call them."""
        for row in self.first:
            if row.number == self.heading_row:
                return row.cells
        width = max((len(row.cells) for row in self.first), default=0)
        from xlsxwriter.utility import xl_col_to_name

        return [xl_col_to_name(place) for place in range(width)]

    @property
    def rows(self) -> Sequence[Row]:
        """The rows below the headings."""
        return [row for row in self.first if row.number > self.heading_row]

    def as_json(self) -> str:
        """The same to be kept, long cells cut."""
        rows = [[row.number, [cell[:KEPT] for cell in row.cells]] for row in self.first]
        return json.dumps([self.heading_row, rows], ensure_ascii=False)


def from_json(text: str) -> Beginning:
    """What `as_json` made."""
    heading_row, rows = json.loads(text)
    return Beginning(heading_row, [Row(number, cells) for number, cells in rows])


def beginning_with(
    first: Sequence[Row],
    labels: Mapping[str, str],
    heading_row: int | None = None,
    about: str = CUSTOMERS,
) -> Beginning:
    """How a file about customers or orders begins with these rows. `labels` are further headings;
    `heading_row` is what a person says, else the headings are looked for."""
    found = Beginning(NOWHERE, first)
    if heading_row is None:
        place = headings.row_of_headings([row.cells for row in first], labels, about)
        return found if place is None else replace(found, heading_row=first[place].number)
    named = any(row.number == heading_row for row in first)
    return replace(found, heading_row=heading_row) if named else found
