"""Kinds of notifications, declared by the slices and packs that send them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmlite import hooks
from crmlite.access import Reader

Words = str | Mapping[str, str]
Params = Mapping[str, Any]
NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class UnknownKind(LookupError):
    """Notifications that nobody declared: a misspelt name, or a pack that is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationKind:
    """A kind of notifications.

    `label` is what people call them where they say which they want; those of a kind that is not
    `mutable` everybody gets. `urgent` ones stand out: they ask for something today.

    `words(params, reader)` says one in the reader's language, when it is shown, with what the
    reader may see then. None means that they may no longer see what it is about: then the line
    says only that. `url(params)` leads there. `ahead(all_params, reader)` is called before the
    lines of a page are worded, with the params of all of this kind: what it reads for them at once
    and keeps in `flask.g`, `words` need not read line by line.
    """

    name: str
    label: Words
    icon: str
    words: Callable[[Params, Reader], str | None]
    url: Callable[[Params], str]
    urgent: bool = False
    mutable: bool = True
    ahead: Callable[[Sequence[Params], Reader], None] | None = None

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"a kind of notifications is called like case-assigned: {self.name!r}")


def kinds() -> Mapping[str, NotificationKind]:
    """All kinds by name, in the order they were registered."""
    return hooks.by_name("register_notification_kinds")


def known(name: str) -> NotificationKind:
    """The kind of that name. Raises UnknownKind."""
    try:
        return kinds()[name]
    except KeyError:
        raise UnknownKind(name) from None
