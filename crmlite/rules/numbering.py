"""Customer numbers: how they are written and read, and which ones may be given by hand."""

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
    new conditions import imports export exports bulk views view columns column filter filters duplicates
    duplicate board kanban search trash bin recycle archive archived merge restore map pool
    claim quick capture print edit delete list all me mine settings help api static case cases
    complaints contacts customers orders products today health healthz readyz none null undefined index
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

    def series(self, day: date | None) -> str:
        """What numbers that are counted together begin with."""
        return f"{self.prefix}{day:%Y%m%d}" if day else self.prefix


class Place(NamedTuple):
    """Where a number stands in its scheme: its day, if the scheme has days, and its figure."""

    day: date | None
    running: int


def parse(scheme: Scheme, number: str) -> Place | None:
    """Where a number stands in a scheme; None when the scheme could not have given it.

    By this a number from outside moves the counter.
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
    return f"{scheme.series(day)}{running:0{scheme.width}}"


def day_of(text: str) -> date | None:
    """The date of eight digits; None when there is no such day."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def check_number(number: str) -> Problem | None:
    """Why a text may not be a number; None when it may. Uniqueness is for the book to say."""
    if not NUMBER.fullmatch(number) or not number.strip("."):
        return Problem("number_characters")
    if len(number) > LONGEST:
        return Problem("number_too_long", {"most": LONGEST})
    if number.casefold() in RESERVED:
        return Problem("number_reserved", {"number": number})
    return None
