"""Turns what is typed, imported or sent into the value of a field, and back into what is stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from types import MappingProxyType

from crmlite.rules.amounts import MOST, parse_amount, parse_number
from crmlite.rules.contact_details import check_email, check_im, check_phone, check_url
from crmlite.rules.dates import parse_date, parse_moment
from crmlite.rules.fields import Choice, Field
from crmlite.rules.problems import Checked, Problem, refused
from crmlite.rules.text import clean_int, clean_text, folded
from crmlite.rules.wording import N_

MESSAGES = {
    "choice_unreadable": N_("“%(value)s” is not one of the choices."),
    "flag_unreadable": N_("Please enter yes or no."),
}

Value = str | int | float | bool | date | datetime | tuple[str | int, ...]
"""What a field holds in Python; None beside it means nothing."""

BETWEEN_VALUES = re.compile(r"[,，、;；|\n]+")
YES = frozenset("yes y true 1 on x 是 有 对 √ ✓".split())
NO = frozenset("no n false 0 off 否 无 不 ×".split())
BIGGEST = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the meaning of a typed value depends on.

    `zone` and `currency` are the firm's or the record's, `home` the calling code of its country,
    `unit` multiplies plain amounts (10_000 below a header in 万元), `day_first` settles 03/04/2024.
    """

    today: date
    zone: tzinfo = UTC
    lang: str = "zh"
    currency: str = "CNY"
    home: str = "86"
    unit: int = 1
    day_first: bool | None = None


def read_value(field: Field, text: str, reading: Reading) -> Checked[Value]:
    """The value that a typed text means for a field; None when nothing was entered.

    People, teams and tags are read by id or key: finding them by name is the caller's.
    """
    if field.multiple:
        return read_several(field, text, reading)
    return READERS[field.kind](field, text, reading)


def read_several(field: Field, text: str, reading: Reading) -> Checked[Value]:
    """Several values from one text: `a, b、c`. What cannot be read is left out and named."""
    values: list[str | int] = []
    problems: list[Problem] = []
    for piece in BETWEEN_VALUES.split(text):
        read = READERS["choice" if field.kind == "choices" else field.kind](field, piece, reading)
        problems.extend(read.problems)
        if isinstance(read.value, str | int) and read.value not in values:
            values.append(read.value)
    return Checked(tuple(values) or None, tuple(problems))


def read_text(field: Field, text: str, reading: Reading) -> Checked[Value]:
    """Text within the length of its kind."""
    several_lines = field.kind == "longtext"
    cleaned = clean_text(text, max_length=field.traits.longest, lines=several_lines)
    return Checked(cleaned.value or None, cleaned.problems)


def read_choice(field: Field, text: str, reading: Reading) -> Checked[Value]:
    """A choice by its key or by its label in any language."""
    typed = folded(text).casefold()
    if not typed:
        return Checked(None)
    for choice in field.choices:
        if typed in names_of(choice):
            return Checked(choice.key)
    if field.choices:
        return refused("choice_unreadable", value=folded(text)[:80])
    return read_text(field, text, reading)


def names_of(choice: Choice) -> set[str]:
    """Every text that names a choice, folded."""
    labels = [choice.label] if isinstance(choice.label, str) else list(choice.label.values())
    return {folded(name).casefold() for name in (choice.key, *labels)}


def read_flag(field: Field, text: str, reading: Reading) -> Checked[Value]:
    """`是`, `yes`, `1`, `√` and their contraries."""
    typed = folded(text).casefold()
    if typed in YES or typed in NO:
        return Checked(typed in YES)
    return refused("flag_unreadable") if typed else Checked(None)


def read_id(field: Field, text: str, reading: Reading) -> Checked[Value]:
    """A person or team by id."""
    return clean_int(text, least=1, most=2**63 - 1)


READERS: Mapping[str, Callable[[Field, str, Reading], Checked[Value]]] = MappingProxyType(
    {
        "text": read_text,
        "longtext": read_text,
        "tags": read_text,
        "industry": read_text,
        "url": lambda field, text, reading: check_url(text),
        "phone": lambda field, text, reading: check_phone(text, home=reading.home),
        "email": lambda field, text, reading: check_email(text),
        "im": lambda field, text, reading: check_im(text),
        "integer": lambda field, text, reading: clean_int(text, least=-BIGGEST, most=BIGGEST),
        "number": lambda field, text, reading: parse_number(text),
        "amount": lambda field, text, reading: parse_amount(
            text, currency=reading.currency, unit=reading.unit
        ),
        "date": lambda field, text, reading: parse_date(
            text, today=reading.today, lang=reading.lang, day_first=reading.day_first
        ),
        "moment": lambda field, text, reading: parse_moment(
            text,
            today=reading.today,
            zone=reading.zone,
            lang=reading.lang,
            day_first=reading.day_first,
        ),
        "boolean": read_flag,
        "choice": read_choice,
        "choices": read_choice,
        "person": read_id,
        "team": read_id,
    }
)


def to_stored(field: Field, value: Value | None) -> object:
    """A value as JSON keeps it, always the same for the same value: dates as ISO text, moments in
    UTC, several values in order. Raises TypeError for one that is not of the field's kind."""
    if value is None or value in ("", ()):
        return None
    if field.multiple:
        if not isinstance(value, tuple):
            raise TypeError(f"{field.name} holds several values, not {value!r}.")
        return sorted({check_type(field, each) for each in value}, key=str)
    check_type(field, value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def from_stored(field: Field, stored: object) -> Value | None:
    """The value that JSON kept; None for nothing, and for what no longer fits the field."""
    try:
        match field.traits.values, stored:
            case ("day", str()):
                return date.fromisoformat(stored)
            case ("moment", str()):
                return datetime.fromisoformat(stored)
            case (_, list()) if field.multiple:
                return tuple(
                    each for each in stored if isinstance(check_type(field, each), str | int)
                )
            case (_, str() | int() | float()) if not field.multiple:
                return check_type(field, stored)
    except (TypeError, ValueError):
        return None
    return None


def check_type(field: Field, value: object) -> "str | int | float":
    """The value itself. Raises TypeError when it is not what the field's kind holds."""
    wanted = TYPES[field.traits.values]
    is_flag = isinstance(value, bool)
    aware = not isinstance(value, datetime) or (value.tzinfo and field.traits.values == "moment")
    if not isinstance(value, wanted) or is_flag != (wanted is bool) or not aware:
        raise TypeError(f"{field.name} is a {field.kind}; it cannot hold {value!r}.")
    if isinstance(value, int | float) and not abs(value) <= largest(field):
        raise TypeError(f"{field.name} cannot hold a number as large as that.")
    return value  # type: ignore[return-value]


def largest(field: Field) -> int:
    """The largest number a field takes; an id may be any that a database gives."""
    return 2**63 - 1 if field.traits.values == "id" else MOST


TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "key": str,
    "whole": int,
    "number": (int, float),
    "day": date,
    "moment": datetime,
    "flag": bool,
    "id": int,
}
