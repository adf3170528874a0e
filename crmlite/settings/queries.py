"""Reading settings and choices: from memory, until the epoch says that something changed."""

from collections.abc import Sequence
from datetime import date, datetime
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
        rows = _rows_by_list()
        self.choices = {
            declared.name: arranged(declared.shipped, rows.get(declared.name, ()))
            for declared in hooks.gathered("register_choice_lists")
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
    """The values of a list in order; with `retired` also those no longer offered."""
    return tuple(c for c in memory().choices[name] if retired or not c.retired)


def choice_label(name: str, key: str | None) -> str:
    """A choice in the reader's language; an unknown key as it is stored, nothing for none."""
    if not key:
        return ""
    found = memory().by_key[name].get(key)
    return label(found.label) if found else key


def choice_lists() -> dict[str, ChoiceList]:
    """All lists as they are declared, by name."""
    return {declared.name: declared for declared in hooks.gathered("register_choice_lists")}


def choice_list(name: str) -> ChoiceList:
    """The declaration of a list; KeyError for one that nobody declared."""
    return choice_lists()[name]


def arranged(shipped: Sequence[Choice], rows: Sequence[Row[Any]]) -> tuple[Choice, ...]:
    """The values of a list: as shipped until somebody arranges it, then as it was arranged.

    What a later crmlite ships on top comes at the end.
    """
    if not rows:
        return tuple(shipped)
    stored = {
        row.key: Choice(
            row.key, row.label, row.retired, row.shipped, row.more or {}, row.id, row.version
        )
        for row in rows
    }
    return (*stored.values(), *(choice for choice in shipped if choice.key not in stored))


def _rows_by_list() -> dict[str, list[Row[Any]]]:
    table = ChoiceRow.__table__
    found: dict[str, list[Row[Any]]] = {}
    for row in database.session.execute(select(table).order_by(table.c.position, table.c.id)):
        found.setdefault(row.list, []).append(row)
    return found
