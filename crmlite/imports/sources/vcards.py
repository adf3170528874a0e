"""Business cards: vCard 2.1, 3.0 and 4.0, each card a row."""

import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from crmlite.imports.headings import own
from crmlite.imports.sources.encodings import lines
from crmlite.imports.sources.rows import Opener, Row
from crmlite.imports.sources.unreadable import Unreadable

BEGIN, END = "BEGIN:VCARD", "END:VCARD"
# What is no text, or not about the person; readers stumble over it.
DROPPED = frozenset("PHOTO LOGO SOUND KEY AGENT PROFILE X-MS-CARDPICTURE".split())
PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)[;:]", re.ASCII)
LONGEST_CARD = 1 << 22  # characters, with pictures
LONGEST_READ = 1 << 20  # characters without them
MOST_LINES = 10_000  # the library takes four times as long for twice as many
SEVERAL = "\n"  # between what one cell holds
PARTS = ("street", "city", "region", "code", "country")
WHOLE = ("country", "region", "city", "street", "code")
NO_PHONE = frozenset({"FAX", "PAGER", "MODEM"})


def rows(opened: Opener, encoding: str) -> Iterator[Row]:
    """A row of headings and one for each card; one that cannot be read comes without cells.
    Raises Unreadable."""
    yield Row(1, own("cards"))
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


@cache
def _library() -> Any:
    """The library, which would write lines that it cannot read, with names and numbers, to the log."""
    import vobject

    logging.getLogger("vobject.base").setLevel(logging.CRITICAL)
    return vobject


def _cells(card: str) -> list[str]:
    if len(card) > LONGEST_READ or card.count("\n") > MOST_LINES:
        return []
    try:
        read = next(_library().readComponents(card, allowQP=True, ignoreUnreadable=True))
    except Exception:  # noqa: BLE001 - unknown charsets, cards in cards in cards: each has an error of its own
        return []
    name = _first(read, "n")
    address, *others = _addresses(read) or [""]
    company, *departments = _organisation(read)
    mobiles, phones = _numbers(read)
    return [
        _text(_first(read, "fn")),
        _text(getattr(name, "given", "")),
        _text(getattr(name, "family", "")),
        company,
        ", ".join(departments),
        _text(_first(read, "title") or _first(read, "role")),
        SEVERAL.join(mobiles),
        SEVERAL.join(phones),
        SEVERAL.join(_emails(read)),
        *(_text(getattr(address, part, "")) for part in PARTS),
        SEVERAL.join(", ".join(_parts(other)) for other in others),
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


def _emails(card: Any) -> list[str]:
    """Addresses, the preferred ones first."""
    found = sorted(card.contents.get("email", ()), key=lambda one: not _is_preferred(one))
    return list(filter(None, (_text(line.value) for line in found)))


def _addresses(card: Any) -> list[Any]:
    """Where a card says that its person is, the place of work first."""
    found = [line for line in card.contents.get("adr", ()) if _parts(line.value)]
    return [line.value for line in sorted(found, key=lambda one: "WORK" not in _kinds(one))]


def _parts(address: Any) -> list[str]:
    """What an address says, from the country to the street, and its postcode."""
    return list(filter(None, (_text(getattr(address, part, "")) for part in WHOLE)))


def _organisation(card: Any) -> list[str]:
    """The company, and its units from the largest to the smallest."""
    given = _first(card, "org")
    company, *units = map(_text, given if isinstance(given, list | tuple) else [given])
    return [company, *filter(None, units)]


def _first(card: Any, name: str) -> Any:
    found = card.contents.get(name)
    return found[0].value if found else ""


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_text, value)))
    return str(value or "").strip()
