"""What a column is about, by its heading: in Chinese, in English, and as other programs export it."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from crmlite.imports.models import CUSTOMERS, ORDERS
from crmlite.imports.reading import FURTHER, PHONES
from crmlite.wording import label

BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
UNITS = {
    "万": 10_000,
    "千": 1_000,
    "百万": 1_000_000,
    "亿": 100_000_000,
    "k": 1_000,
    "m": 1_000_000,
}
UNIT = re.compile(
    r"[(（\[【]\s*(?:单位[:：]?\s*)?(百万|万|千|亿|[km])?\s*(?:元|人民币|rmb|cny)?\s*[)）\]】]",
    re.IGNORECASE,
)
FIRST_ROWS = 20
VALUE = re.compile(r"\d(?:[ -]?\d){6}|\w@\w")  # no heading holds such
# A name is the customer's, unless the file parts it into those of a person, as address books do.
PLAIN_NAMES = ("name", "名称")
NAMES_OF_PEOPLE = ("contact.given", "contact.family")


OF_OBJECTS = "object_headings.toml"
FILES = {CUSTOMERS: "headings.toml", ORDERS: "order_headings.toml"}


@cache
def known(about: str = CUSTOMERS) -> Mapping[str, str]:
    """What each known heading, folded, is about, in files about customers, orders or records of a
    pack."""
    return _in_table(FILES.get(about, OF_OBJECTS), "targets")


@cache
def of_contacts() -> Mapping[str, str]:
    """What headings are about, folded, that mean something else where records of a pack hang on
    contacts."""
    return _in_table(OF_OBJECTS, "of_contacts")


def _in_table(file: str, table: str) -> dict[str, str]:
    text = resources.files(__package__).joinpath(f"data/{file}").read_text("utf-8")
    targets: dict[str, list[str]] = tomllib.loads(text)[table]
    return {heading: target for target, headings in targets.items() for heading in headings}


@cache
def our_columns() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What we call columns that no file has named, in English and Chinese, by what they are about."""
    text = resources.files(__package__).joinpath("data/columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def own(table: str) -> list[str]:
    """What we call the columns of a `table` that no file has named, in the reader's language:
    `sample` or `cards`."""
    return [
        label({"en": english, "zh": chinese}) for english, chinese in our_columns()[table].values()
    ]


def folded(heading: str) -> str:
    """A heading without what two people write differently: width, case, blanks, signs, brackets."""
    text = unicodedata.normalize("NFKC", BRACKETS.sub("", heading)).casefold()
    return "".join(character for character in text if character.isalnum())


def unit_of(heading: str) -> int:
    """What plain amounts below a heading are multiplied by: 10,000 below `签约金额(万元)`."""
    found = UNIT.search(heading)
    return UNITS.get((found[1] or "").casefold(), 1) if found else 1


def guess(
    headings: Sequence[str], labels: Mapping[str, str] | None = None, about: str = CUSTOMERS
) -> list[str | None]:
    """What each column is about; None where nobody can tell. Each target is given once, to the column
    that is surest to be it. `labels` are further headings, folded: the fields' own names."""
    names = {**known(about), **(labels or {})}
    ranks = {heading: place for place, heading in enumerate(names)}
    asked = [folded(heading) for heading in headings]
    if any(names.get(heading) in NAMES_OF_PEOPLE for heading in asked):
        names |= dict.fromkeys(PLAIN_NAMES, "contact.name")
    if any(names.get(heading) == "birth.year" for heading in asked):
        names["birthday"] = "birth.day"
    found: list[str | None] = [None] * len(asked)
    taken: set[str] = set()
    for place in sorted(range(len(asked)), key=lambda place: ranks.get(asked[place], 0)):
        target = names.get(asked[place])
        free = (one for one in (target, *_further(target)) if one not in taken)
        found[place] = next(free, None) if target else None
        taken.update(filter(None, (found[place],)))
    return found


def _further(target: str | None) -> Sequence[str]:
    """What else a column can be about whose target another one has."""
    if target in PHONES:
        return ("contact.reach", *FURTHER["contact.reach"])
    return FURTHER.get(target or "", ())


def row_of_headings(
    rows: Sequence[Sequence[str]],
    labels: Mapping[str, str] | None = None,
    about: str = CUSTOMERS,
) -> int | None:
    """Which of the first rows names the columns: the one in which most are known, else the first
    one. None where nothing is known and the first row holds a phone or an e-mail: that is somebody's.
    """
    known_in = [_known_in(cells, labels, about) for cells in rows[:FIRST_ROWS]]
    if any(known_in):
        return known_in.index(max(known_in))
    return 0 if rows and not any(VALUE.search(cell) for cell in rows[0]) else None


def _known_in(cells: Sequence[str], labels: Mapping[str, str] | None, about: str) -> int:
    return sum(target is not None for target in guess(cells, labels, about))
