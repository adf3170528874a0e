"""What a country most likely means: its time zone, its money. Asked of who sets a book up, never
decided for them."""

from collections.abc import Iterable

from babel.core import get_global
from babel.numbers import get_territory_currencies

from crmlite.settings.places import countries, currencies, time_zones

HOME = {"zh": "CN"}  # where most people who read a language are, as far as one can say
# Of countries with several time zones the one in which most people live.
CHIEF = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Gaza",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


def country_of(accepted: Iterable[str], lang: str) -> str | None:
    """The country that a browser's languages name, `en-GB`, or else the language; None for no idea."""
    known = countries()
    named = (part.upper() for one in accepted for part in one.replace("_", "-").split("-")[1:])
    return next((one for one in named if one in known), HOME.get(lang))


def zone_of(country: str) -> str | None:
    """The time zone of a country."""
    offered = time_zones()
    theirs = [zone for zone, of in sorted(get_global("zone_territories").items()) if of == country]
    wanted = [CHIEF.get(country, ""), *theirs]
    return next((zone for zone in wanted if zone in offered), None)


def currency_of(country: str) -> str | None:
    """The money of a country."""
    offered = currencies()
    return next((one for one in get_territory_currencies(country) if one in offered), None)
