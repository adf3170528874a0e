"""A file that was brought, opened: its rows as they are read for an import."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from crmlite import settings
from crmlite.customers.fields import customer_fields
from crmlite.imports import headings, queries, uploads
from crmlite.imports.reading import Column, RowReader
from crmlite.imports.sources import looking
from crmlite.imports.sources.looking import CARDS, Layout
from crmlite.imports.sources.rows import Opener, Row
from crmlite.imports.vocabulary import vocabulary
from crmlite.rules.values import Reading
from crmlite.settings.places import calling_code
from crmlite.wording import language

SHOWN = 30  # rows of a file that people look at, and among which its headings are looked for

Run = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first rows of a file: the number of the row of headings, what stands there, and the rows
    after it."""

    heading_row: int
    headings: Sequence[str]
    rows: Sequence[Row]


@contextmanager
def opened(run: Run) -> Iterator[Iterable[Row]]:
    """The rows of the file of an import, from its first one. Raises Unreadable, SealBroken,
    FileNotFoundError; so may the rows."""
    layout = layout_of(run)
    with uploads.scratch() as scratch:
        source = uploads.opener(run["uid"])
        if layout.format == looking.SPREADSHEET:
            looking.look(source, scratch)
        yield looking.rows(source, layout, scratch, sheet=run["sheet"])


def look(
    source: Opener, *, encoding: str | None = None, sheet: int = 0
) -> tuple[Layout, Beginning]:
    """How a file is to be read, and how it begins. Raises Unreadable."""
    with uploads.scratch() as scratch:
        layout = looking.look(source, scratch, encoding=encoding)
        return layout, beginning_of(looking.rows(source, layout, scratch, sheet=sheet))


def beginning(run: Run) -> Beginning:
    """How the file of an import begins. Raises as `opened`."""
    with opened(run) as rows:
        return beginning_of(rows)


def beginning_of(rows: Iterable[Row]) -> Beginning:
    """How rows begin."""
    first = list(islice((row for row in rows if any(map(str.strip, row.cells))), SHOWN))
    if not first:
        return Beginning(0, (), ())
    place = headings.row_of_headings([row.cells for row in first], labels())
    return Beginning(first[place].number, first[place].cells, first[place + 1 :])


def layout_of(run: Run) -> Layout:
    """How the file of an import is read."""
    stored = {**run["layout"]}
    return Layout(**{**stored, "sheets": tuple(stored.get("sheets", ()))})


def labels() -> dict[str, str]:
    """What packs' fields are called, in both languages, folded: further headings."""
    found = {}
    for field in customer_fields():
        words = field.label
        for text in () if isinstance(words, str) else words.values():
            found[headings.folded(text)] = field.name
    return found


def guessed(named: Sequence[str]) -> list[Column]:
    """What each column is about, as far as its heading tells."""
    return [
        Column(heading=heading, target=target, unit=headings.unit_of(heading))
        for heading, target in zip(named, headings.guess(named, labels()), strict=True)
    ]


def remembered_or_guessed(named: Sequence[str]) -> list[dict[str, Any]]:
    """What columns are about: as those of the last file with the same headings, else as far as their
    headings tell."""
    return queries.remembered(digest_of(named)) or stored(guessed(named))


def digest_of(named: Sequence[str]) -> str:
    """What is equal for files with the same headings."""
    return hashlib.sha256("\n".join(map(headings.folded, named)).encode()).hexdigest()


def columns_of(run: Run) -> list[Column]:
    """What the columns of an import are about."""
    return [Column(**column) for column in run["columns"]]


def stored(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Columns as an import keeps them."""
    return [{"heading": one.heading, "target": one.target, "unit": one.unit} for one in columns]


def row_reader(run: Run) -> RowReader:
    """What reads the rows of an import, with the firm's lists as they stand now. The day on which the
    file was brought settles what "in 3 days" means, also where it goes on later."""
    zone = ZoneInfo(settings.get("timezone"))
    reading = Reading(
        today=run["created_at"].astimezone(zone).date(),
        zone=zone,
        lang=run["options"].get("lang") or language(),
        currency=settings.get("currency"),
        home=calling_code(),
        day_first=run["options"].get("day_first"),
    )
    return RowReader(columns_of(run), vocabulary(reading))


def left(run: Run, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows below the headings, after the `position` of the import; empty ones are left out,
    except cards that could not be read."""
    first = max(run["heading_row"], run["position"])
    cards = layout_of(run).format == CARDS
    for row in rows:
        if row.number > first and (cards or any(map(str.strip, row.cells))):
            yield row
