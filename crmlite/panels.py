"""Parts that slices and packs put on pages of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """A part of a page: a template of the contributing slice with what it needs.

    `name` is unique on the page; lower `weight` stands higher; `count` stands beside the title.
    A tab gives `url`, where its content is fetched, instead of a template. `pack` is whose part it
    is, as crmlite notes it: what a pack draws is drawn under its guard.
    """

    name: str
    title: str
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    weight: int = 0
    count: int | str = ""
    url: str = ""
    pack: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """A button in the head of a record, or over a list: it opens `url`, in the drawer unless that is
    a page of its own. The first one of a record is its main one; lower `weight` stands further left.
    One over a list that `begins` one is offered where the list is empty, too."""

    name: str
    label: str
    icon: str
    url: str
    weight: int = 0
    drawer: bool = True
    begins: bool = False
