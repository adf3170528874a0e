"""A file that was brought, opened: its rows as they are read for an import."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from crmlite import settings
from crmlite.exports.columns import headings as exported_headings
from crmlite.fields import fields_of
from crmlite.imports import headings, queries, uploads
from crmlite.imports.beginning import NOWHERE, SHOWN, Beginning, beginning_with
from crmlite.imports.models import CUSTOMERS, ORDERS
from crmlite.imports.objects.reading import ObjectReader
from crmlite.imports.objects.targets import PARENTS, is_about_objects, kind_of
from crmlite.imports.orders.reading import OrderReader
from crmlite.imports.orders.targets import RECORD
from crmlite.imports.orders.words import words
from crmlite.imports.reading import Column, RowReader
from crmlite.imports.sources import looking
from crmlite.imports.sources.looking import CARDS, Layout
from crmlite.imports.sources.rows import Opener, Row
from crmlite.imports.targets import targets
from crmlite.imports.vocabulary import vocabulary, vocabulary_of
from crmlite.rules.fields import Field
from crmlite.rules.values import Reading
from crmlite.settings.places import calling_code
from crmlite.wording import LOCALES, language, speaking

Run = Mapping[str, Any]
Reader = RowReader | OrderReader


@contextmanager
def opened(run: Run) -> Iterator[Iterable[Row]]:
    """The rows of the file of an import, from its first one. Raises Unreadable, SealBroken; so may
    the rows."""
    layout = layout_of(run)
    with uploads.scratch() as scratch:
        source = uploads.opener(run["uid"])
        if layout.format == looking.SPREADSHEET:
            looking.look(source, scratch)
        yield looking.rows(source, layout, scratch, sheet=run["sheet"])


def look(
    source: Opener,
    *,
    encoding: str | None = None,
    sheet: int = 0,
    heading_row: int | None = None,
    about: str = CUSTOMERS,
) -> tuple[Layout, Beginning]:
    """How a file about customers or orders is to be read, and how it begins; `heading_row` is what a
    person says names its columns. Raises Unreadable."""
    with uploads.scratch() as scratch:
        layout = looking.look(source, scratch, encoding=encoding)
        rows = looking.rows(source, layout, scratch, sheet=sheet)
        return layout, beginning_of(rows, heading_row, about)


def beginning_of(
    rows: Iterable[Row], heading_row: int | None = None, about: str = CUSTOMERS
) -> Beginning:
    """How rows begin; empty ones do not count."""
    filled = (row for row in rows if any(map(str.strip, row.cells)))
    return beginning_with(list(islice(filled, SHOWN)), labels(about), heading_row, about)


def layout_of(run: Run) -> Layout:
    """How the file of an import is read."""
    stored = {**run["layout"]}
    return Layout(**{**stored, "sheets": tuple(stored.get("sheets", ()))})


def labels(about: str = CUSTOMERS) -> dict[str, str]:
    """What fields are called in both languages, folded: further headings. What is known as another
    heading stays that, except where a pack calls its field so. An alias gives way to what another
    field is called, and to what our own files write: these are read back unchanged."""
    called: dict[str, str] = {}
    for locale in LOCALES.values():
        with speaking(locale):
            for option in targets(about):
                called.setdefault(headings.folded(option.text), option.value)
    known, taken = headings.known(about), called.keys() | _written(about)
    found = {heading: target for heading, target in called.items() if heading not in known}
    found |= _by_parent(about)
    fields = [*reversed(_further(about))]  # the first of those with one heading has it
    for target, field in fields:
        aliases = map(headings.folded, field.aliases)
        found |= {heading: target for heading in aliases if heading not in taken}
    for target, field in fields:
        words = [field.label] if isinstance(field.label, str) else field.label.values()
        found |= {headings.folded(text): target for text in words}
    return found


def _by_parent(about: str) -> Mapping[str, str]:
    """Headings of records that mean something else by what their kind hangs on."""
    of = kind_of(about) if is_about_objects(about) else None
    return headings.of_contacts() if of is not None and of.parent == "contact" else {}


def _further(about: str) -> list[tuple[str, Field]]:
    """The fields of packs and managers that a file can hold, by their targets."""
    if about == CUSTOMERS:
        found = [(field.name, field) for field in fields_of("customer")]
        return found + [(f"contact.{field.name}", field) for field in fields_of("contact")]
    return [(field.name, field) for field in fields_of(RECORD if about == ORDERS else about)]


def _written(about: str) -> set[str]:
    """What our own files call columns in both languages, folded: those that are taken away, sheets to be
    filled in, business cards."""
    layouts = {CUSTOMERS: ("sheet", "all"), ORDERS: ("orders",)}.get(about, ())
    tables = {CUSTOMERS: ("sample", "cards"), ORDERS: ("orders",)}.get(about, ())
    taken = [[*words.values()] for one in layouts for words in exported_headings()[one].values()]
    ours = [words for one in tables for words in headings.our_columns()[one].values()]
    return {headings.folded(text) for words in (*taken, *ours) for text in words}


def guessed(named: Sequence[str], about: str = CUSTOMERS) -> list[Column]:
    """What each column is about, as far as its heading tells."""
    return [
        Column(heading=heading, target=target, unit=headings.unit_of(heading))
        for heading, target in zip(named, headings.guess(named, labels(about), about), strict=True)
    ]


def remembered_or_guessed(beginning: Beginning, about: str = CUSTOMERS) -> list[dict[str, Any]]:
    """What columns are about: as those of the last file with the same headings, else as far as their
    headings tell."""
    digest = digest_of(beginning)
    before = queries.remembered(digest, about) if digest else None
    return before or stored(guessed(beginning.headings, about))


def digest_of(beginning: Beginning) -> str:
    """What is equal for files with the same headings; empty where a file has none, for by their
    letters any two files would be alike."""
    if beginning.heading_row == NOWHERE:
        return ""
    return hashlib.sha256("\n".join(map(headings.folded, beginning.headings)).encode()).hexdigest()


def columns_of(run: Run) -> list[Column]:
    """What the columns of an import are about."""
    return [Column(**column) for column in run["columns"]]


def stored(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Columns as an import keeps them."""
    return [{"heading": one.heading, "target": one.target, "unit": one.unit} for one in columns]


def row_reader(run: Run) -> Reader:
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
    if run["target"] == ORDERS:
        further = RowReader(columns_of(run), vocabulary_of(RECORD, reading))
        return OrderReader(columns_of(run), words(reading), further)
    if is_about_objects(about := run["target"]):
        of = kind_of(about)
        parent, _words = PARENTS.get(of.parent if of else "", ("", None))
        return ObjectReader(columns_of(run), vocabulary_of(about, reading), parent)
    return RowReader(columns_of(run), vocabulary(reading))


def left(run: Run, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows below the headings, after the `position` of the import; empty ones are left out,
    except cards that could not be read."""
    first = max(run["heading_row"], run["position"])
    cards = layout_of(run).format == CARDS
    for row in rows:
        if row.number > first and (cards or any(map(str.strip, row.cells))):
            yield row
