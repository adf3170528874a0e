"""Time zones and countries of calendars, and parts of countries, as people read and choose them."""

from crmlite.calendars import official
from crmlite.settings.places import countries, time_zones


def zone_name(zone: str) -> str:
    """What a time zone is called."""
    return time_zones().get(zone, zone)


def country_name(country: str) -> str:
    """What a country, or a part of one, is called; empty for none: `China · CN`, `… · GB-ENG`."""
    whole, dash, part = country.partition("-")
    return f"{countries().get(whole, whole)}{dash}{part}"


def countries_with_holidays() -> dict[str, str]:
    """The countries whose official holidays are known, by their two letters."""
    known = official.countries()
    return {code: name for code, name in countries().items() if code in known}
