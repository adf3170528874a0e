"""Time zones, countries and currencies to choose from, named in the reader's language; and how the
firm's country is called from abroad."""

import tomllib
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from babel.core import Locale
from babel.dates import get_timezone_location
from babel.numbers import get_currency_name, get_territory_currencies
from flask_babel import get_locale

from crmlite.rules.contact_details.reading import CHINA
from crmlite.settings.queries import get

NO_COUNTRY = {"EU", "EZ", "QO", "UN", "ZZ", "XA", "XB", "CP"}  # groups, trials, nobody's, unknown


def calling_code() -> str:
    """The calling code of the firm's country: phone numbers without one belong there."""
    return calling_codes().get(str(get("country")), CHINA)


@cache
def calling_codes() -> dict[str, str]:
    """How countries are called from abroad, by their two letters."""
    text = resources.files(__package__).joinpath("data/calling_codes.toml").read_text("utf-8")
    return {
        country: code
        for code, countries in tomllib.loads(text).items()
        for country in countries.split()
    }


def time_zones() -> dict[str, str]:
    """The zones of the places people live in, as `Asia/Shanghai · 上海`."""
    return _time_zones(_language())


def countries() -> dict[str, str]:
    """Countries and regions by their two letters."""
    return _countries(_language())


def currencies() -> dict[str, str]:
    """The currencies that are money somewhere today, by their three letters."""
    return _currencies(_language())


def _language() -> str:
    locale = get_locale()
    return "zh_Hans" if locale is not None and locale.language == "zh" else "en"


@cache
def _time_zones(language: str) -> dict[str, str]:
    locale = Locale.parse(language)
    places = sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    )
    found = {"UTC": "UTC"}
    for name in places:
        city = get_timezone_location(name, locale=locale, return_city=True)
        known = city.replace(" ", "_") in name
        found[name] = name.replace("_", " ") if known else f"{name} · {city}"
    return found


@cache
def _countries(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    found = {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    }
    return {code: f"{found[code]} · {code}" for code in sorted(found)}


@cache
def _currencies(language: str) -> dict[str, str]:
    in_use = {
        currency
        for territory in Locale("en").territories
        if len(territory) == 2 and territory.isalpha()
        for currency in get_territory_currencies(territory)
    }
    locale = Locale.parse(language)
    return {code: f"{code} · {get_currency_name(code, locale=locale)}" for code in sorted(in_use)}
