"""What the frame offers: entries of the side, things to create, pages of the settings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request, url_for

from crmlite import hooks
from crmlite.access import can
from crmlite.wording import label as worded

Words = str | Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class NavigationEntry:
    """A line of the side navigation. `group` 0 stands on top; the keys `g` and then `letter` lead
    there; `count` answers what waits on the reader; `shown` decides where one right cannot, as for
    a page that leads to others. `args` are what the address of its page names besides. One with `each`
    stands for the entries that this answers, which follow from the book."""

    key: str
    label: Words
    icon: str
    endpoint: str
    permission: str | None = None
    group: int = 0
    weight: int = 0
    letter: str = ""
    count: Callable[[], int] | None = None
    shown: Callable[[], bool] | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    each: "Callable[[], Sequence[NavigationEntry]] | None" = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Creation:
    """Something that the button New makes; its page also opens in the drawer."""

    key: str
    label: Words
    icon: str
    endpoint: str
    permission: str
    weight: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPage:
    """A page under Settings. Below a `weight` of 20 it stands with the firm, below 30 with the
    customers, below 50 with the cases, else with the running of crmlite."""

    key: str
    label: Words
    description: Words
    icon: str
    endpoint: str
    permission: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a template draws it; `counts` says whether something may wait behind it."""

    key: str
    label: str
    icon: str
    url: str
    active: bool = False
    count: int = 0
    letter: str = ""
    counts: bool = False


Side = tuple[tuple[Link, ...], ...]


def navigation() -> Side:
    """The side navigation for the reader, in groups; only what they may open."""
    entries = [entry for entry in navigation_entries() if _open_to_reader(entry)]
    entries.sort(key=lambda entry: (entry.group, entry.weight))
    urls = {entry.key: url_for(entry.endpoint, **entry.args) for entry in entries}
    # Where no address leads to the page, it belongs to the entry whose room serves it.
    here = _here()
    above = {key for key, url in urls.items() if _is_below(url, here) or url == here}
    active = above or {request.blueprint}
    groups: dict[int, list[Link]] = {}
    for entry in entries:
        link = Link(
            entry.key,
            worded(entry.label),
            entry.icon,
            urls[entry.key],
            entry.key in active,
            entry.count() if entry.count else 0,
            entry.letter,
            entry.count is not None,
        )
        groups.setdefault(entry.group, []).append(link)
    return tuple(map(tuple, groups.values()))


def navigation_entries() -> Iterator[NavigationEntry]:
    """All entries of the side, those that follow from the book among them."""
    for entry in hooks.gathered("register_navigation"):
        yield from (entry,) if entry.each is None else entry.each()


def way_up() -> Link | None:
    """From a page of the settings or of packs to the one above it; none elsewhere."""
    homes = [one for one in navigation_entries() if one.key in ("settings", "packs")]
    here = _here()
    home = next((one for one in homes if _is_below(url_for(one.endpoint), here)), None)
    if home is None:
        return None
    for page in (*settings_pages(), home):
        if _is_below(url_for(page.endpoint), here):
            return Link(page.key, worded(page.label), page.icon, url_for(page.endpoint))
    return None


def _open_to_reader(entry: NavigationEntry) -> bool:
    if entry.permission is not None and not can(entry.permission):
        return False
    return entry.shown is None or entry.shown()


def _here() -> str:
    """The address of the page, as links have it."""
    return request.script_root + request.path


def _is_below(url: str, here: str) -> bool:
    return here.startswith(f"{url}/")


def letters(groups: Side) -> tuple[tuple[str, str], ...]:
    """The pages of the side that have a letter, each with it."""
    return tuple((link.label, link.letter) for group in groups for link in group if link.letter)


def creations() -> tuple[Link, ...]:
    """What the reader may create."""
    return tuple(
        Link(c.key, worded(c.label), c.icon, url_for(c.endpoint))
        for c in sorted(hooks.gathered("register_creations"), key=lambda c: c.weight)
        if can(c.permission)
    )


def settings_pages() -> list[SettingsPage]:
    """The pages under Settings that the reader may open."""
    pages = sorted(hooks.gathered("register_settings_pages"), key=lambda page: page.weight)
    return [page for page in pages if can(page.permission)]
