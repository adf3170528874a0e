"""Phones and e-mails as cells hold them: several in one, and those of other countries."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

from babel import Locale
from phonenumbers import (
    SUPPORTED_REGIONS,
    NumberParseException,
    PhoneNumberFormat,
    country_code_for_region,
    format_number,
    parse,
)

from crmlite.rules.contact_details.reading import read_phone

BETWEEN_NUMBERS = re.compile(
    r"\s*[/;；、,，|\n]\s*(?=[+＋(（]?\d|tel|phone|mob|cell|电话|手机|座机)"
    r"|(?<=\d{11})\s+(?=1[3-9]\d{9}(?!\d))",
    re.IGNORECASE,
)
SHORTEST_ABROAD = 7  # digits; what is shorter is dialled as it is
LEAST_DIGITS = 5  # of a number before a sign between two: 030/1234567 is one
BETWEEN_EMAILS = re.compile(r"[;；、,，|\n]+")
BETWEEN_BARE_EMAILS = re.compile(r"[\s/]+")
IN_BRACKETS = re.compile(r"[(（].*?[)）]")
LEFT_ASIDE = re.compile(r"\bthe\b|[^a-z\u3400-\u9fff]")


def numbers_in(text: str) -> list[str]:
    """The phone numbers of a cell: `13911110000/020-88000004` are two, `030/1234567` is one."""
    found: list[str] = []
    begin = 0
    for between in BETWEEN_NUMBERS.finditer(text):
        piece = text[begin : between.start()]
        if sum(map(str.isdigit, piece)) >= LEAST_DIGITS:
            found.append(piece)
            begin = between.end()
    return [*found, text[begin:]]


def emails_in(text: str) -> list[str]:
    """The e-mail addresses of a cell, as many as it has signs for."""
    if text.count("@") < 2:
        return [text]
    found: list[str] = []
    for piece in BETWEEN_EMAILS.split(text):
        several = piece.count("@") > 1
        found += BETWEEN_BARE_EMAILS.split(piece) if several else [piece]
    return [piece for piece in map(str.strip, found) if piece]


@cache
def countries() -> Mapping[str, str]:
    """The two letters of countries by all that they are called."""
    found = {code.casefold(): code for code in SUPPORTED_REGIONS}
    for language in ("en", "zh", "zh_Hant"):
        for code, name in Locale.parse(language).territories.items():
            if code in SUPPORTED_REGIONS:
                found[country_form(name)] = code
    text = resources.files(__package__).joinpath("data/countries.toml").read_text("utf-8")
    for code, names in tomllib.loads(text).items():
        found |= dict.fromkeys(map(country_form, names), code)
    return found


def country_form(name: str) -> str:
    """A country without what two people write differently: `St. Lucia`, `Bosnia and Herzegovina`."""
    plain = unicodedata.normalize("NFKD", IN_BRACKETS.sub("", name)).casefold()
    plain = re.sub(r"\bst\b", "saint", plain.replace("&", " and "))
    return LEFT_ASIDE.sub("", plain)


def country_named(text: str) -> str:
    """The two letters of a country; empty where nobody knows its phone numbers."""
    return countries().get(country_form(text), "")


def calling_code(country: str) -> str:
    """How a country is called from abroad."""
    return str(country_code_for_region(country)) if country else ""


def with_code(text: str, country: str) -> str:
    """A number of a country as it is dialled from everywhere; anything else as it stands."""
    phone = read_phone(text)
    if phone is None or phone.kind == "foreign" or len(phone.digits) < SHORTEST_ABROAD:
        return text
    try:
        number = parse(text, country)
    except NumberParseException:
        return text
    whole = format_number(number, PhoneNumberFormat.E164)
    return f"{whole} ext {number.extension}" if number.extension else whole
