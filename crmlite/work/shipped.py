"""Rows that come with crmlite or a pack."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ShippedData:
    """A slice's rows. `put_in` is called inside an operation and adds what is missing."""

    name: str
    put_in: Callable[[datetime], None]
