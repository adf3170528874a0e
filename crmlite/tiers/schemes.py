"""The points of the scheme of tiers in use."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import select

from crmlite import hooks, settings
from crmlite.extensions import database
from crmlite.rules.tiering import FACTORS, Bound, Factor
from crmlite.settings.shipped import SCHEME, TIERS
from crmlite.tiers.models import TierScheme
from crmlite.work.shipped import Shipment

TABLE = TierScheme.__table__
DORMANT = "dormant"
"""The tier that only shows the life-cycle."""


@cache
def shipped() -> Mapping[str, Any]:
    """What every firm begins with."""
    text = resources.files(__package__).joinpath("data/schemes.toml").read_text("utf-8")
    return tomllib.loads(text)


def shipments(owner: str) -> Iterator[Shipment]:
    """The schemes that crmlite brings, as rows."""
    if owner != hooks.OWN:
        return
    rows = {
        key: {"key": key, "factors": shipped()["factors"], "bounds": bounds}
        for key, bounds in shipped()["bounds"].items()
    }
    yield Shipment(model=TierScheme, owner=owner, rows=rows, fixed=("key",))


def tiers() -> list[Any]:
    """The tiers of the scheme in use that come of points, the highest first."""
    found = settings.choices(f"{TIERS}{settings.get(SCHEME)}")
    return [choice for choice in found if choice.key != DORMANT]


def scheme_row() -> Mapping[str, Any] | None:
    """The points of the scheme in use as they are stored; None for that of a pack, until somebody sets
    them."""
    wanted = select(TABLE).where(TABLE.c.key == str(settings.get(SCHEME)))
    return database.session.execute(wanted).mappings().first()


def points() -> tuple[list[Factor], list[Bound]]:
    """The factors and the bounds of the scheme in use. A scheme without its own has the factors that
    every firm begins with, and its tiers share the hundred points evenly."""
    row = scheme_row()
    given = row["factors"] if row else shipped()["factors"]
    factors = [
        Factor(
            name=name,
            weight=int(given[name]["weight"]),
            steps=tuple((float(least), int(found)) for least, found in given[name]["steps"]),
        )
        for name in FACTORS
        if name in given
    ]
    keys = [choice.key for choice in tiers()]
    own = row["bounds"] if row else {}
    even = {key: round(100 * (len(keys) - 1 - n) / len(keys)) for n, key in enumerate(keys)}
    return factors, [Bound(key, int(own.get(key, even[key]))) for key in keys]
