"""Customer numbers: how the next one is made, and which ones may be given by hand."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from crmlite.rules.problems import Problem
from crmlite.rules.wording import N_

MESSAGES = {
    "number_characters": N_("A number consists of letters, digits, dots, dashes and underscores."),
    "number_too_long": N_("A number has at most %(most)s characters."),
    "number_reserved": N_("“%(number)s” is the name of a page and cannot be a number."),
}

LONGEST = 40
NUMBER = re.compile(r"[A-Za-z0-9._-]+")
PREFIX = re.compile(r"(?:[A-Za-z0-9._-]{0,9}[A-Za-z._-])?")
MOST_DIGITS = 9  # a longer figure is a date with a running number, or somebody else's number
RESERVED = frozenset(
    """
    new import imports export exports bulk views view columns column filter filters duplicates
    duplicate board kanban search trash bin recycle archive archived merge restore map pool
    claim quick capture print edit delete list all me mine settings help api static case cases
    complaints contacts customers today health healthz readyz none null undefined index
    """.split()
)


class BadScheme(ValueError):
    """A number scheme that could give two customers one number; the message says why."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How numbers are made: `C001…` running on, or with `dated` `C20240501001…` from 001 each day.

    `width` is the least number of digits; it grows when they run out. The prefix may be empty and
    never ends in a digit, which could not be told from the number behind it.
    """

    prefix: str = "C"
    dated: bool = False
    width: int = 3

    def __post_init__(self) -> None:
        """Refuse what cannot be read back, with BadScheme."""
        if not PREFIX.fullmatch(self.prefix):
            raise BadScheme("A prefix has letters and . _ -, at most 10, and no digit at its end.")
        if not 1 <= self.width <= MOST_DIGITS:
            raise BadScheme(f"A number has 1 to {MOST_DIGITS} digits.")

    @property
    def example(self) -> str:
        """What a number of this scheme looks like."""
        return written(self, date(2024, 5, 1) if self.dated else None, 1)


class Place(NamedTuple):
    """Where a number stands in its scheme: its day, if the scheme has days, and its figure."""

    day: date | None
    running: int


def next_number(scheme: Scheme, last: str | None, today: date) -> str:
    """The number after `last`, the highest one that the scheme has given; the first for None.

    A dated scheme begins anew each day, but never goes back to a day before that of `last`: a
    clock that was set back gives no number twice. A `last` of another scheme counts as none.
    """
    place = parse(scheme, last) if last else None
    if place is None:
        return written(scheme, today if scheme.dated else None, 1)
    if place.day is not None and place.day < today:
        return written(scheme, today, 1)
    return written(scheme, place.day, place.running + 1)


def parse(scheme: Scheme, number: str) -> Place | None:
    """Where a number stands in a scheme; None when the scheme could not have given it.

    By this an import moves the counter past the numbers it brings.
    """
    rest = number.removeprefix(scheme.prefix)
    if not number.startswith(scheme.prefix) or not (rest.isascii() and rest.isdigit()):
        return None
    day = None
    if scheme.dated:
        day, rest = day_of(rest[:8]), rest[8:]
        if day is None:
            return None
    if not scheme.width <= len(rest) <= MOST_DIGITS or int(rest) == 0:
        return None
    return Place(day, int(rest))


def written(scheme: Scheme, day: date | None, running: int) -> str:
    """A number of a scheme as text."""
    stamp = f"{day:%Y%m%d}" if day else ""
    return f"{scheme.prefix}{stamp}{running:0{scheme.width}}"


def day_of(text: str) -> date | None:
    """The date of eight digits; None when there is no such day."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def is_valid_number(number: str) -> bool:
    """Whether a text may stand as a number in an address."""
    return check_number(number) is None


def check_number(number: str) -> Problem | None:
    """Why a text may not be a number; None when it may. Uniqueness is for the book to say."""
    if not NUMBER.fullmatch(number) or not number.strip("."):
        return Problem("number_characters")
    if len(number) > LONGEST:
        return Problem("number_too_long", {"most": LONGEST})
    if number.casefold() in RESERVED:
        return Problem("number_reserved", {"number": number})
    return None
