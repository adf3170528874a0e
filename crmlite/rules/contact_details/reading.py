"""Takes a phone number apart, however it was written: country, number, extension."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from crmlite.rules.text import folded

CHINA = "86"
# Countries whose people dial at home exactly what follows the calling code, without a 0.
NO_TRUNK_ZERO = frozenset(
    "1 30 34 39 45 47 48 52 65 350 351 352 354 356 357 371 372 376 377 378 420 502 503 504 505 506 "
    "507 852 853 965 968 973 974".split()
)
LONGEST_TYPED = 80
SAID_EXTENSION = re.compile(
    r"(?:转分机|轉分機|转|轉|分机|分機|内线|內線|ext(?:ension)?\.?|#|x)\s*[:：.]?\s*(\d{1,8})$",
    re.IGNORECASE | re.ASCII,
)
DASHED_EXTENSION = re.compile(
    r"(0\d{2,3}-?\d{7,8}|0\d{2,3}-?\d{3,4}-\d{4}|[48]00-?\d{3,4}-?\d{3,4})-(\d{1,6})", re.ASCII
)
LEADING_WORD = re.compile(
    r"^(?:tel|phone|mobile|mob|cell|电话|手机|座机|联系方式)\s*[.:：]?\s*", re.IGNORECASE
)
GAPS = re.compile(r"[\s\u2010-\u2015\-./()\[\]·•]+")
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
MOBILE_START = re.compile(r"1[3-9]\d+", re.ASCII)
LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})", re.ASCII)
SERVICE = re.compile(r"[48]00\d{7}|9[56]\d{3,6}|1[0-2]\d{1,8}", re.ASCII)

PhoneKind = Literal["mobile", "landline", "service", "local", "trunk", "foreign"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in its parts.

    `international` has the calling code and no plus; it is empty for what is dialled as it is
    (service: 400, 95588, 110; local: no area code). `national` is what is dialled at home; it is
    empty for foreign numbers.
    """

    international: str
    national: str
    extension: str
    kind: PhoneKind

    @property
    def whole(self) -> str:
        """The same for equal numbers, extension left out: `+8613800000001`, `95588`."""
        return f"+{self.international}" if self.international else self.national

    @property
    def digits(self) -> str:
        """What files carry: as dialled at home, else `+` and digits; extension left out."""
        return self.national or self.whole

    @property
    def written(self) -> str:
        """How it is kept and shown: `13800000001`, `020-88000004-801`, `+49400000007 ext 12`."""
        if self.kind == "landline" and (parts := LANDLINE.fullmatch(self.national)):
            return "-".join(filter(None, (*parts.groups(), self.extension)))
        return f"{self.digits} ext {self.extension}" if self.extension else self.digits


@lru_cache(maxsize=1024)  # an import asks several times for each of a few hundred
def read_phone(text: str, home: str = CHINA) -> Phone | None:
    """The parts of a written number; None when it is not one. It may still be a wrong number.

    `home` is the calling code of the firm's country: numbers without one belong there.
    """
    typed = LEADING_WORD.sub("", folded(text))
    if len(typed) > LONGEST_TYPED:
        return None
    typed, extension = without_extension(typed)
    digits = GAPS.sub("", typed)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not re.fullmatch(r"\+?\d+", digits, re.ASCII):
        return None
    if digits.startswith(f"+{home}"):
        return at_home(digits.removeprefix(f"+{home}"), extension, home, coded=True)
    if digits.startswith("+"):
        return Phone(digits[1:], "", extension, "foreign")
    if home == CHINA and MOBILE.fullmatch(digits.removeprefix(CHINA)):
        digits = digits.removeprefix(CHINA)
    return at_home(digits, extension, home, coded=False)


def at_home(digits: str, extension: str, home: str, *, coded: bool) -> Phone:
    """A number of the firm's own country; `coded` when its calling code stood before it."""
    if home == CHINA:
        return in_china(digits, extension, coded=coded)
    if home in NO_TRUNK_ZERO and (coded or len(digits) > 6):
        return Phone(home + digits, digits, extension, "trunk")
    if coded or digits.startswith("0"):
        rest = digits.removeprefix("0")
        return Phone(home + rest, f"0{rest}", extension, "trunk")
    return Phone("", digits, extension, "service" if len(digits) <= 6 else "local")


def in_china(digits: str, extension: str, *, coded: bool) -> Phone:
    """A number in China; one that begins like a mobile counts as one, whatever its length."""
    bare = digits.removeprefix("0")
    if MOBILE_START.fullmatch(bare):
        return Phone(CHINA + bare, bare, extension, "mobile")
    national = f"0{bare}" if coded else digits
    if LANDLINE.fullmatch(national):
        return Phone(CHINA + national[1:], national, extension, "landline")
    return Phone("", digits, extension, "service" if SERVICE.fullmatch(digits) else "local")


def without_extension(typed: str) -> tuple[str, str]:
    """The number and its extension, which is empty when there is none."""
    if said := SAID_EXTENSION.search(typed):
        return typed[: said.start()], said[1]
    compact = re.sub(r"[\u2010-\u2015]", "-", re.sub(r"[\s()]+", "", typed))
    dashed = DASHED_EXTENSION.fullmatch(compact)
    return (dashed[1], dashed[2]) if dashed else (typed, "")
