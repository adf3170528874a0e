"""The timeline: everything about a customer in one stream, each slice giving its own entries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmlite import hooks
from crmlite.access import Reader

Words = str | Mapping[str, str]
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something that happened. `template` is a part of the slice that draws it, with `entry` (this)
    in its context; `key` orders entries of one moment and is unique: `interaction-000000012`. `pack`
    is whose it is, as crmlite notes it."""

    at: datetime
    key: str
    kind: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    pack: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineSource:
    """A slice's part of the stream, which readers can show alone.

    `entries(customer, reader, before, limit)` answers at most `limit` entries, newest first, that
    come after `before` in that order (`None` from the newest on; else moment and key of the last
    one shown). It costs a fixed number of statements. `shown` says whether there is such a part at
    all, where that follows from the book.
    """

    name: str
    label: Words
    entries: Callable[[Row, Reader, tuple[datetime, str] | None, int], Sequence[Entry]]
    weight: int = 0
    shown: Callable[[], bool] | None = None


def sources() -> list[TimelineSource]:
    """What the stream is made of, in the order of its filter."""
    there = [one for one in hooks.gathered("register_timeline") if one.shown is None or one.shown()]
    return sorted(there, key=lambda source: source.weight)


def stream(
    customer: Row,
    reader: Reader,
    *,
    only: str = "",
    before: tuple[datetime, str] | None = None,
    size: int = 20,
) -> tuple[list[Entry], bool]:
    """A page of the timeline, newest first, and whether more came before."""
    found: list[Entry] = []
    for source in sources():
        if only in ("", source.name):
            found += source.entries(customer, reader, before, size + 1)
    found.sort(key=lambda entry: (entry.at, entry.key), reverse=True)
    return found[:size], len(found) > size
