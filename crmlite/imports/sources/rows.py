"""What every kind of file comes down to: numbered rows of text."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

Opener = Callable[[], BinaryIO]
"""Opens the bytes of a file from their beginning, as often as it is asked."""


COLUMNS = 400  # that a file may have


class Row(NamedTuple):
    """A row as a spreadsheet numbers it, the first one being 1; every cell is text."""

    number: int
    cells: list[str]
