"""Business cards: vCard 2.1, 3.0 and 4.0, each card a row."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import vobject
from vobject.base import VObjectError

from crmlite.imports.sources.encodings import lines
from crmlite.imports.sources.rows import Opener, Row
from crmlite.imports.sources.unreadable import Unreadable

BEGIN, END = "BEGIN:VCARD", "END:VCARD"
HEADINGS = [
    "Full name", "Given name", "Family name", "Company", "Title", "Mobile", "Phone", "E-mail",
    "Street", "City", "State", "Postcode", "Country", "Website", "Birthday", "Notes", "Tags",
]  # fmt: skip
# What is no text, or not about the person; readers stumble over it.
DROPPED = frozenset("PHOTO LOGO SOUND KEY AGENT PROFILE".split())
PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)[;:]", re.ASCII)
LONGEST_CARD = 1 << 22  # characters
NO_PHONE = frozenset({"FAX", "PAGER", "MODEM"})


def rows(opened: Opener, encoding: str) -> Iterator[Row]:
    """A row of headings and one for each card; one that cannot be read comes without cells.
    Raises Unreadable."""
    yield Row(1, list(HEADINGS))
    for number, card in enumerate(_cards(lines(opened, encoding)), 2):
        yield Row(number, _cells(card))


def _cards(given: Iterable[str]) -> Iterator[str]:
    """The text of each card, one inside another belonging to the outer one."""
    kept: list[str] = []
    depth = length = 0
    for line in given:
        mark = line.strip().upper()
        depth += mark == BEGIN
        if depth:
            kept.append(line.rstrip("\r\n"))
            length += len(line)
        if length > LONGEST_CARD:
            raise Unreadable("line_too_long")
        if depth and mark == END:
            depth -= 1
            if not depth:
                yield "\r\n".join(_without_pictures(kept))
                kept, length = [], 0
    if kept:
        yield "\r\n".join([*_without_pictures(kept), *[END] * depth])


def _without_pictures(card: Iterable[str]) -> Iterator[str]:
    dropping = False
    for line in card:
        if found := PROPERTY.match(line):
            dropping = found[1].upper() in DROPPED
        if not dropping:
            yield line


def _cells(card: str) -> list[str]:
    try:
        read = next(vobject.readComponents(card, allowQP=True, ignoreUnreadable=True))
    except (VObjectError, StopIteration, ValueError, IndexError, KeyError, AttributeError):
        return []
    name = _first(read, "n")
    address = _first(read, "adr")
    mobiles, phones = _numbers(read)
    return [
        _text(_first(read, "fn")),
        _text(getattr(name, "given", "")),
        _text(getattr(name, "family", "")),
        _text(_first(read, "org")),
        _text(_first(read, "title") or _first(read, "role")),
        mobiles[0] if mobiles else "",
        phones[0] if phones else "",
        _text(_preferred(read, "email")),
        *(
            _text(getattr(address, part, ""))
            for part in ("street", "city", "region", "code", "country")
        ),
        _text(_first(read, "url")),
        _text(_first(read, "bday")),
        _text(_first(read, "note")),
        _text(_first(read, "categories")),
    ]


def _numbers(card: Any) -> tuple[list[str], list[str]]:
    """Mobile numbers and others, the preferred ones first."""
    mobiles: list[str] = []
    phones: list[str] = []
    for line in sorted(card.contents.get("tel", ()), key=lambda one: not _is_preferred(one)):
        kinds = _kinds(line)
        if kinds & NO_PHONE and not kinds & {"VOICE", "CELL"}:
            continue
        number = _text(line.value).removeprefix("tel:").replace(";ext=", " ext. ")
        if number:
            (mobiles if "CELL" in kinds else phones).append(number)
    return mobiles, phones


def _kinds(line: Any) -> set[str]:
    named = [*line.params.get("TYPE", ()), *line.singletonparams]
    return {kind.upper() for one in named for kind in one.split(",")}


def _is_preferred(line: Any) -> bool:
    return "PREF" in _kinds(line) or line.params.get("PREF") == ["1"]


def _preferred(card: Any, name: str) -> Any:
    found = card.contents.get(name, ())
    return next((one.value for one in found if _is_preferred(one)), _first(card, name))


def _first(card: Any, name: str) -> Any:
    found = card.contents.get(name)
    return found[0].value if found else ""


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_text, value)))
    return str(value or "").strip()
