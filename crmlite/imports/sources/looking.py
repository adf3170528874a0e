"""What kind of file it is, and its rows: the one way into this folder."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crmlite.imports.sources import delimited, encodings, spreadsheets, vcards
from crmlite.imports.sources.rows import Opener, Row
from crmlite.imports.sources.unreadable import Unreadable

TEXT, CARDS, SPREADSHEET = "text", "cards", "spreadsheet"
START = 4096
PACKED = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and what is protected by a password
OLD_SHEETS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # .xls before it was compound
OTHERS = {
    b"ID;P": "sylk",
    b"%PDF": "pdf",
    b"\xff\xd8\xff": "picture",
    b"\x89PNG": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How a file is to be read. `sheets` are the names of a spreadsheet's sheets, else empty."""

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()


def look(opened: Opener, scratch: Path, *, encoding: str | None = None) -> Layout:
    """Find out how a file is to be read; a spreadsheet is unpacked into `scratch`, a private folder.

    `encoding` is what a person says. Raises Unreadable (`encoding_unknown`, with what it `may_be`,
    when somebody must say).
    """
    with opened() as file:
        start = file.read(START)
    if not start.strip():
        raise Unreadable("file_empty")
    if start.startswith((PACKED, COMPOUND, *OLD_SHEETS)):
        # By this name the reader knows what it is, and says when it is protected.
        name = "whole" if start.startswith(PACKED) else "whole.xls"
        return Layout(format=SPREADSHEET, sheets=tuple(_unpacked(opened, scratch / name)))
    for mark, what in OTHERS.items():
        if start.startswith(mark):
            raise Unreadable("file_of_another_kind", kind=what)
    if encoding is not None and not encodings.fits(opened, encoding):
        raise Unreadable("encoding_wrong", encoding=encoding)
    found = encoding or encodings.detect(opened)
    if found is None:
        raise Unreadable("encoding_unknown", may_be=tuple(encodings.likely(opened)))
    first = next(iter(encodings.lines(opened, found)), "").strip().casefold()
    if first == vcards.BEGIN.casefold():
        return Layout(format=CARDS, encoding=found)
    if first.startswith(("<?xml", "<!doctype", "<html")):
        raise Unreadable("file_of_another_kind", kind="web")
    return Layout(format=TEXT, encoding=found, delimiter=delimited.delimiter_of(opened, found))


def rows(opened: Opener, layout: Layout, scratch: Path, *, sheet: int = 0) -> Iterator[Row]:
    """The rows of a file, or of one of its sheets, in order; empty ones may be left out. `scratch`
    is the folder that `look` was given. Raises Unreadable."""
    match layout.format:
        case "spreadsheet":
            return spreadsheets.rows(scratch, sheet)
        case "cards":
            return vcards.rows(opened, layout.encoding)
    return delimited.rows(opened, layout.encoding, layout.delimiter)


def _unpacked(opened: Opener, plain: Path) -> list[str]:
    """The child reads a file of its own: what is kept may be sealed."""
    with opened() as file, plain.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    try:
        return spreadsheets.unpack(plain, plain.parent)
    finally:
        plain.unlink()
