"""Text files with a row per line: CSV in its many dialects."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from crmlite.imports.sources.encodings import lines
from crmlite.imports.sources.rows import COLUMNS, Opener, Row
from crmlite.imports.sources.unreadable import Unreadable

DELIMITERS = ",;\t|"
LOOKED_AT = 60  # rows
LONGEST_CELL = 1 << 17  # characters


def rows(opened: Opener, encoding: str, delimiter: str) -> Iterator[Row]:
    """The rows of a file, numbered as a spreadsheet numbers them. Raises Unreadable."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines(opened, encoding), delimiter=delimiter, strict=False)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "cell_too_long" if "limit" in str(error) else "row_unreadable"
            raise Unreadable(code, row=number) from None
        except UnicodeError:
            raise Unreadable("encoding_wrong", encoding=encoding, row=number) from None
        if len(cells) > COLUMNS:
            raise Unreadable("spreadsheet_too_wide", most=COLUMNS)
        yield Row(number, cells)


def delimiter_of(opened: Opener, encoding: str) -> str:
    """What parts the cells: the sign by which most rows come out equally wide."""
    looked_at = list(islice(lines(opened, encoding), LOOKED_AT * 4))
    return max(DELIMITERS, key=lambda sign: (_evenness(looked_at, sign), -DELIMITERS.index(sign)))


def _evenness(looked_at: list[str], sign: str) -> tuple[float, int]:
    try:
        widths = [
            len(row) for row in islice(csv.reader(looked_at, delimiter=sign), LOOKED_AT) if row
        ]
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths), width) if width > 1 else (0.0, 1)
