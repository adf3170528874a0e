"""The lists that the customer book is written with: stages, sources, tiers, …"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from crmlite import settings
from crmlite.rules.lifecycle import DORMANT
from crmlite.settings.catalogue import Choice, ChoiceList
from crmlite.settings.shipped import SCHEME, TIERS
from crmlite.wording import label

DEDICATED_TIERS = ("strategic", "vip")


def shipped_lists() -> list[ChoiceList]:
    """The lists as crmlite ships them."""
    text = resources.files(__package__).joinpath("data/choices.toml").read_text("utf-8")
    return [_list(name, raw) for name, raw in tomllib.loads(text).items()]


def tier_list() -> str:
    """Which list holds the tiers of the scheme in use: `tier-a` where that is a pack's that is off or
    not there any more. Customers keep the tiers that they have, and the scheme is back with its
    pack."""
    name = f"tier-{settings.get('tier_scheme')}"
    return name if settings.choices(name) else "tier-a"


def has_scheme(pack: str) -> bool:
    """Whether the scheme of tiers that the firm chose is that of a pack, be it on or off."""
    chosen = settings.choices(f"{TIERS}{settings.get(SCHEME)}", retired=True)
    return any(tier.owner == pack for tier in chosen)


def list_name(name: str) -> str:
    """The list behind a name that fields use: `tier` is the scheme in use, others are themselves."""
    return tier_list() if name == "tier" else name


def choices(name: str, *, retired: bool = False) -> tuple[Choice, ...]:
    """The values of a list of the customer book; `tier` is that of the scheme in use. With `retired`
    also those no longer offered, among them tiers of other schemes, which customers may still have."""
    found = settings.choices(list_name(name), retired=retired)
    if name != "tier" or not retired:
        return found
    known = {one.key for one in found} | {DORMANT}  # which nobody sets
    others = (one for scheme in _other_schemes() for one in settings.choices(scheme, retired=True))
    more = {one.key: replace(one, retired=True) for one in others if one.key not in known}
    return (*found, *more.values())


def _other_schemes() -> list[str]:
    """The lists of tiers that are not in use."""
    return [
        name for name in settings.memory().choices if name.startswith(TIERS) and name != tier_list()
    ]


def settable(name: str) -> tuple[Choice, ...]:
    """The values of a list that people set: the tier `dormant` only shows the life-cycle."""
    return tuple(c for c in choices(name) if (name, c.key) != ("tier", DORMANT))


def tier_shown(row: Mapping[str, Any]) -> str | None:
    """The tier that stands for a customer, of its `tier` and `lifecycle`: while it is dormant that
    of this name, where the scheme has one. The one that was set is kept and comes back."""
    if row["lifecycle"] == DORMANT and settings.choice(tier_list(), DORMANT):
        return DORMANT
    return row["tier"]  # type: ignore[no-any-return]


def offers_dedicated(row: Mapping[str, Any]) -> bool:
    """Whether a customer can be given a person of its own, to whom its cases go first: by its
    `tier`, or because it has one (`dedicated_id`)."""
    return row["dedicated_id"] is not None or row["tier"] in DEDICATED_TIERS


def choice_label(name: str, key: str | None) -> str:
    """A value in the reader's language; free text as it was written."""
    if name != "tier" or not key or settings.choice(tier_list(), key):
        return settings.choice_label(list_name(name), key)
    found = next((one for one in choices(name, retired=True) if one.key == key), None)
    return label(found.label) if found else key


def _list(name: str, raw: dict[str, Any]) -> ChoiceList:
    values = [
        Choice(
            key,
            {"en": en, "zh": zh},
            more={"hint": {"en": hint[0], "zh": hint[1]}} if hint else {},
        )
        for key, en, zh, *hint in raw["values"]
    ]
    return ChoiceList(
        name=name,
        label=dict(zip(("en", "zh"), raw["label"], strict=True)),
        shipped=values,
        open=raw.get("open", True),
        keeps_shipped=raw.get("keeps_shipped", False),
        hint=dict(zip(("en", "zh"), raw["hint"], strict=True)) if "hint" in raw else "",
    )
