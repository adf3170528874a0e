"""The points of the scheme of tiers in use."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import select

from crmlite import hooks
from crmlite.customers.choices import settable, tier_list
from crmlite.extensions import database
from crmlite.rules.tiering import FACTORS, Bound, Factor
from crmlite.settings.shipped import TIERS
from crmlite.tiers.models import TierScheme
from crmlite.work.shipped import Shipment

TABLE = TierScheme.__table__


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
    return list(settable("tier"))


def scheme() -> str:
    """The key of the scheme in use: where that is a pack's that is off, the one that stands in."""
    return tier_list().removeprefix(TIERS)


def scheme_row() -> Mapping[str, Any] | None:
    """The points of the scheme in use as they are stored; None for that of a pack, until somebody sets
    them."""
    wanted = select(TABLE).where(TABLE.c.key == scheme())
    return database.session.execute(wanted).mappings().first()


def points() -> tuple[list[Factor], list[Bound]]:
    """The factors and the bounds of the scheme in use. A scheme without its own has the factors that
    every firm begins with, and its tiers share the hundred points evenly. A tier that
    was added to a scheme is proposed to nobody until its bound is set."""
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
    even = {key: round(100 * (len(keys) - 1 - n) / len(keys)) for n, key in enumerate(keys)}
    own = row["bounds"] if row else even
    return factors, [Bound(key, int(own[key])) for key in keys if key in own]
