"""The strategy table as a file: one row for each touch of each customer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crmlite.exports import book
from crmlite.exports.wanted import Wanted
from crmlite.strategies.table import HEADINGS, TableLine, table_of

Look = Callable[[], None]


def pieces(wanted: Wanted, ids: Sequence[int], looked: Look) -> Iterator[list[TableLine]]:
    """The lines of the customers that are wanted, in pieces."""
    for some in book.pieces(ids, wanted, frozenset()):
        lines = table_of([whole.row["id"] for whole in some])
        looked()
        yield lines


def told(line: TableLine) -> Mapping[str, Any]:
    """A row by its keys."""
    return {key: getattr(line, key) for key in HEADINGS}
