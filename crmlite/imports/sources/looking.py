"""What kind of file it is, and its rows: the one way into this folder."""

import codecs
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
PAGES = tuple(b"<!doctype html,<html,<head,<meta,<style,<table,<div".split(b","))
XML_SHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
NOTHING = '\ufeff \t\r\n,;|"\0'
CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r\x1a\x1b"})
FEW = 0.005  # of the bytes


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
    if is_web_page(start):
        raise Unreadable("file_is_web_page")
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
    if found is None and not is_text(start):
        raise Unreadable("file_of_another_kind", kind="program")
    if found is None:
        raise Unreadable("encoding_unknown", may_be=tuple(encodings.likely(opened)))
    if not any(text.strip(NOTHING) for text in encodings.texts(opened, found)):
        raise Unreadable("file_empty")
    first = next(iter(encodings.lines(opened, found)), "").strip().casefold()
    if first == vcards.BEGIN.casefold():
        return Layout(format=CARDS, encoding=found)
    if is_web_page(first.encode()):
        raise Unreadable("file_is_web_page")
    if first.startswith("<?xml"):
        raise Unreadable("file_of_another_kind", kind="web")
    return Layout(format=TEXT, encoding=found, delimiter=delimited.delimiter_of(opened, found))


def is_web_page(start: bytes) -> bool:
    """Whether a file is a page, as many programs write one and call it .xls; spreadsheets in XML are
    opened and saved in the same way."""
    begin = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return begin.startswith(PAGES) or (begin.startswith(b"<?xml") and XML_SHEET in begin)


def is_text(start: bytes) -> bool:
    """Whether bytes can be the text of somebody: no encoding that is asked about has such signs."""
    return sum(start.count(byte) for byte in CONTROLS) <= len(start) * FEW


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
        names = spreadsheets.unpack(plain, plain.parent)
    finally:
        plain.unlink()
    if not any(spreadsheets.is_filled(plain.parent, sheet) for sheet in range(len(names))):
        raise Unreadable("file_empty")
    return names
