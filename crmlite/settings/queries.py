"""Reading settings and choices: from memory, until the epoch says that something changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from math import inf
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Row, select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.settings.catalogue import Choice, ChoiceList, Setting
from crmlite.settings.models import ChoiceRow, SettingRow
from crmlite.wording import label
from crmlite.work.epoch import epoch
from crmlite.work.operations import current, is_running

KEY = "crmlite.settings"


class Memory:
    """All settings and choices as of one epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.values: dict[str, Any] = {
            setting.name: setting.default for setting in hooks.gathered("register_settings")
        }
        self.values |= {
            name: value for name, value in stored_settings().items() if name in self.values
        }
        own = {one.name: one.shipped for one in hooks.declared("register_choice_lists")}
        rows, packs = _rows_by_list(), hooks.enabled()
        self.choices = {
            name: arranged(own.get(name, ()), rows.get(name, ()), packs) for name in {**own, **rows}
        }
        self.by_key = {
            name: {choice.key: choice for choice in found} for name, found in self.choices.items()
        }


def memory() -> Memory:
    """What is in force in this request."""
    known: Memory | None = current_app.extensions.get(KEY)
    if known is not None and known.epoch == epoch():
        return known
    # What an operation has written may still be taken back: only the operation itself keeps it.
    kept = current().known if is_running() else current_app.extensions
    if kept is current_app.extensions or KEY not in kept:
        kept[KEY] = Memory(epoch())
    found: Memory = kept[KEY]
    return found


def get(name: str) -> Any:
    """A setting's value; KeyError for one that nobody declared."""
    return memory().values[name]


def local_day(at: datetime) -> date:
    """The firm's calendar day at a moment."""
    return at.astimezone(ZoneInfo(get("timezone"))).date()


def declared_settings() -> dict[str, Setting]:
    """All settings by name, in the order they were registered."""
    return {setting.name: setting for setting in hooks.gathered("register_settings")}


def stored_settings() -> dict[str, Any]:
    """The settings that differ from what was shipped, as the database has them now."""
    table = SettingRow.__table__
    found = database.session.execute(select(table.c.name, table.c.value))
    return {row.name: row.value for row in found}


def choices(name: str, *, retired: bool = False) -> tuple[Choice, ...]:
    """The values of a list in order; with `retired` also those no longer offered. A list that is not
    there any more, because its pack is gone, has none."""
    found = memory().choices.get(name, ())
    return tuple(c for c in found if retired or c.is_offered)


def choice(name: str, key: str | None) -> Choice | None:
    """A value of a list, be it offered or not; None for one that it never had."""
    return memory().by_key.get(name, {}).get(key or "")


def choice_label(name: str, key: str | None) -> str:
    """A choice in the reader's language; an unknown key as it is stored, nothing for none."""
    if not key:
        return ""
    found = choice(name, key)
    return label(found.label) if found else key


def choice_lists() -> dict[str, ChoiceList]:
    """All lists as they are declared, by name."""
    return {declared.name: declared for declared in hooks.gathered("register_choice_lists")}


def choice_list(name: str) -> ChoiceList:
    """The declaration of a list; KeyError for one that nobody declared."""
    return choice_lists()[name]


def standing(name: str) -> tuple[Choice, ...]:
    """The values of a list as the database has them now, in order."""
    table = ChoiceRow.__table__
    rows = database.session.execute(select(table).where(table.c.list == name)).all()
    own = (one.shipped for one in hooks.declared("register_choice_lists") if one.name == name)
    return arranged(next(own, ()), rows, hooks.enabled())


def is_built_in(declared: ChoiceList, value: Choice) -> bool:
    """Whether a value stays on offer for good, because rules speak of it."""
    of_list = {one.key for one in declared.shipped}
    return declared.keeps_shipped and value.shipped and value.key in of_list


def arranged(
    shipped: Sequence[Choice], rows: Sequence[Row[Any]], packs: Sequence[str] = ()
) -> tuple[Choice, ...]:
    """The values of a list: those that somebody has put in order, then crmlite's as they are shipped,
    those of packs in the order of packs, and the firm's own. What belongs to a pack that is not among
    these, which are on, rests."""
    ranks = {pack: place for place, pack in enumerate(("", *packs))}
    stored = {row.key: (_place(row, ranks), _choice(row, ranks)) for row in rows}
    missing = {
        one.key: ((True, 0, 0, inf, place), one)  # comes with a crmlite that is newer than the book
        for place, one in enumerate(shipped)
        if one.key not in stored
    }
    placed = sorted((*stored.values(), *missing.values()), key=itemgetter(0))
    return tuple(value for _place, value in placed)


def _place(row: Row[Any], ranks: Mapping[str, int]) -> tuple[bool, int, int, float, int]:
    last = len(ranks)
    rank = last + 1 if row.shipped_key is None else ranks.get(row.owner, last)
    return row.position is None, row.position or 0, rank, row.id, 0


def _choice(row: Row[Any], ranks: Collection[str]) -> Choice:
    return Choice(
        row.key,
        row.label,
        row.retired,
        row.shipped_key is not None,
        row.more or {},
        row.id,
        row.version,
        row.owner,
        row.owner not in ranks,
    )


def _rows_by_list() -> dict[str, list[Row[Any]]]:
    table = ChoiceRow.__table__
    found: dict[str, list[Row[Any]]] = {}
    for row in database.session.execute(select(table)):
        found.setdefault(row.list, []).append(row)
    return found
