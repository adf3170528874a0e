"""The words that cells are read with: states and units by all that they are called."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from crmlite import settings
from crmlite.imports.orders.reading import Words
from crmlite.rules.text import folded
from crmlite.rules.values import Reading
from crmlite.sales.words import STATUSES, UNIT
from crmlite.settings.places import currencies
from crmlite.wording import LOCALES, label, speaking


def words(reading: Reading) -> Words:
    """What cells are read with, the lists as they stand now."""
    return Words(
        reading=reading,
        currencies=frozenset(currencies()),
        statuses={**others()["statuses"], **_statuses()},
        units={**others()["units"], **_units()},
    )


def _statuses() -> dict[str, str]:
    found = {status: status for status in STATUSES}
    for locale in LOCALES.values():
        with speaking(locale):
            found |= {_plain(label(text)): status for status, text in STATUSES.items()}
    return found


def _units() -> dict[str, str]:
    return {
        _plain(name): choice.key
        for choice in settings.choices(UNIT, retired=True)
        for name in (choice.key, *choice.label.values())
    }


def _plain(text: str) -> str:
    return folded(text).casefold()


@cache
def others() -> Mapping[str, Mapping[str, str]]:
    """What else states and units are called: `{"units": {"个": "piece"}}`."""
    text = (
        resources.files("crmlite.imports").joinpath("data/order_headings.toml").read_text("utf-8")
    )
    told = tomllib.loads(text)
    return {
        name: {word: key for key, some in told[name].items() for word in some}
        for name in ("statuses", "units")
    }
