"""The strategies that crmlite and packs bring, as the rows that come of them."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from crmlite import hooks, settings
from crmlite.customers.choices import tier_list
from crmlite.fields.shipped import labelled
from crmlite.packs.queries import pack
from crmlite.rules.strategies import Strategy as Declared
from crmlite.rules.strategies import strategy_to_json
from crmlite.settings.shipped import SCHEME, TIERS
from crmlite.strategies.models import Strategy
from crmlite.strategies.sections import strategy_of
from crmlite.work.shipped import Shipment

CONTENT = ("label", "goal", "serves", "touches", "priority", "on_top")


def strategies() -> list[Declared]:
    """Those that every firm begins with."""
    text = resources.files(__package__).joinpath("data/strategies.toml").read_text("utf-8")
    table = tomllib.loads(text)["strategies"]
    return [strategy_of(hooks.OWN, key, raw, {}) for key, raw in table.items()]


def shipments(owner: str) -> Iterator[Shipment]:
    """The strategies of one owner, of those for the scheme of tiers in use, be it one that stands in.
    The others rest."""
    scheme = _scheme()
    declared = hooks.declared("register_strategies", owner)
    yield Shipment(
        model=Strategy,
        owner=owner,
        rows={one.name: _row(one) for one in declared if one.scheme in ("", scheme)},
        gone={"retired": True},
        fixed=("key",),
    )


def _scheme() -> str:
    """The scheme whose strategies are followed: the one in use, but still the chosen one while its pack
    is on and merely cannot be loaded. It comes back with a start, which ships nothing."""
    chosen = str(settings.get(SCHEME))
    owners = {one.owner for one in settings.choices(f"{TIERS}{chosen}", retired=True)}
    away = map(pack, owners.difference(hooks.enabled()))
    if any(one is not None and one.wanted for one in away):
        return chosen
    return tier_list().removeprefix(TIERS)


def _row(declared: Declared) -> dict[str, Any]:
    content = strategy_to_json(declared)
    words = {name: labelled(content[name]) for name in ("label", "goal")}
    return {"key": declared.name, **{name: content[name] for name in CONTENT}, **words}
