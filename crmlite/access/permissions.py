"""The rights there are: `noun:verb`, each with a label, registered by the slice that asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crmlite import hooks
from crmlite.rules.wording import Label

NAME = re.compile(r"[a-z_]+:[a-z_]+")
NONE = ""
OWN = "own"
TEAM = "team"
ALL = "all"
SCOPES = (NONE, OWN, TEAM, ALL)


class UnknownPermission(LookupError):
    """A right that nobody registered: a misspelt name, or a pack that is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """A right.

    `scoped` ones can be limited to one's own records or the team's. `defaults` says which of the
    shipped roles have it from the start, and how far.
    """

    name: str
    label: Label
    group: Label
    scoped: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"a right is called noun:verb, not {self.name!r}")
        if wrong := {scope for scope in self.defaults.values() if scope not in SCOPES}:
            raise ValueError(f"{self.name}: unknown scope {wrong}")


def permissions() -> Mapping[str, Permission]:
    """All rights by name, in the order they were registered."""
    return hooks.by_name("register_permissions")


def known(name: str) -> str:
    """The name itself; UnknownPermission when nobody registered it."""
    if name not in permissions():
        raise UnknownPermission(name)
    return name
