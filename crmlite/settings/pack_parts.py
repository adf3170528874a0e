"""What the settings and lists of the firm do with packs: what they refuse, hold and remove."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, String, func, select

from crmlite import hooks
from crmlite.declarations import Declared, PackPart
from crmlite.extensions import database
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration
from crmlite.settings.catalogue import ChoiceList, refuse_value
from crmlite.settings.models import ChoiceRow, SettingRow
from crmlite.settings.shipped import SCHEME, TIERS
from crmlite.work import records
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import record_types
from crmlite.work.shipped import let_go

LONGEST_LIST = 32
LIST_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_]+[a-z0-9]+)*")
SETTINGS, CHOICES = SettingRow.__table__, ChoiceRow.__table__


def part() -> PackPart:
    """What this room does with packs."""
    return PackPart(name="settings", refuse=refuse, held=held, kept=kept, purge=purge, weight=-10)


def refuse(pack: str, declared: Declared) -> None:
    """Raise BadDeclaration for settings, lists and values that are not fit."""
    for setting in declared.get("register_settings", ()):
        _refuse_foreign(pack, f"Setting {setting.name!r}", setting.name)
    own: Mapping[str, ChoiceList] = {
        one.name: one for one in declared.get("register_choice_lists", ())
    }
    for one in own.values():
        _refuse_list(one)
    there = {one.name: one for one in hooks.declared("register_choice_lists")} | own
    for value in declared.get("register_choices", ()):
        where = f"Value {value.key!r} of the list {value.list!r}"
        _refuse_foreign(pack, where, value.key)
        if value.list not in there:
            raise BadDeclaration(f"{where}: the list {unknown(value.list, there)}.")
        if not there[value.list].open:
            raise BadDeclaration(f"{where}: values of this list are fixed.")


def _refuse_foreign(pack: str, where: str, key: str) -> None:
    if not key.startswith(f"{pack}__"):
        raise BadDeclaration(f"{where}: what belongs to this pack begins with `{pack}__`.")


def _refuse_list(one: ChoiceList) -> None:
    if not LIST_NAME.fullmatch(one.name) or len(one.name) > LONGEST_LIST:
        raise BadDeclaration(
            f"List {one.name!r}: names are like 'retail__store', with at most {LONGEST_LIST} "
            "characters."
        )
    keys = [value.key for value in one.shipped]
    if not keys or len(set(keys)) < len(keys):
        raise BadDeclaration(f"List {one.name!r}: it needs values, each with a key of its own.")
    for value in one.shipped:
        refuse_value(one.name, value.key, value.label)


def held(pack: str) -> Mapping[str, int]:
    """How many of the firm's settings and values of lists are a pack's."""
    values = select(func.count()).where(CHOICES.c.owner == pack)
    return {
        _("Settings"): len(_settings(pack)),
        _("Values of lists"): int(database.session.execute(values).scalar_one()),
    }


def kept(pack: str) -> Iterator[Mapping[str, Any]]:
    """All of that as plain values."""
    for row in _settings(pack):
        yield {"setting": row["name"], "value": row["value"]}
    for row in _choices(pack):
        yield {name: row[name] for name in ("list", "key", "label", "retired", "more")}


def purge(pack: str) -> int:
    """Remove a pack's settings and values; those that records have stay, to name them. A scheme of
    tiers that was a pack's is in use no more. Answers how much was removed."""
    rows = _choices(pack)
    used = _in_use(rows)
    gone = [row["id"] for row in rows if row["id"] not in used]
    records.delete_many(ChoiceRow, gone)
    let_go(ChoiceRow, sorted(used), {"retired": True})
    wanted = select(SETTINGS.c.id, SETTINGS.c.value).where(SETTINGS.c.name == SCHEME)
    scheme = database.session.execute(wanted).first()
    settings = [row["id"] for row in _settings(pack)]
    if scheme is not None and any(row["list"] == f"{TIERS}{scheme.value}" for row in rows):
        settings.append(scheme.id)
    records.delete_many(SettingRow, settings)
    move_epoch()
    return len(gone) + len(settings)


def _settings(pack: str) -> Sequence[Mapping[str, Any]]:
    wanted = select(SETTINGS).where(SETTINGS.c.name.startswith(f"{pack}__", autoescape=True))
    return database.session.execute(wanted.order_by(SETTINGS.c.name)).mappings().all()


def _choices(pack: str) -> Sequence[Mapping[str, Any]]:
    wanted = select(CHOICES).where(CHOICES.c.owner == pack)
    order = (CHOICES.c.list, CHOICES.c.id)
    return database.session.execute(wanted.order_by(*order)).mappings().all()


def _in_use(rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """The ids of those of these values that some record has."""
    by_list: dict[str, dict[str, int]] = {}
    for row in rows:
        by_list.setdefault(row["list"], {})[row["key"]] = row["id"]
    used: set[int] = set()
    for list_name, ids in by_list.items():
        for column in _columns(list_name):
            wanted = select(column).where(column.in_(ids)).distinct()
            used |= {ids[key] for key in database.session.execute(wanted).scalars()}
    return used


def _columns(list_name: str) -> Iterator[ColumnElement[str]]:
    """The columns in which records have values of a list."""
    names = {list_name, "tier"} if list_name.startswith(TIERS) else {list_name}
    for kind in record_types().values():
        for column, list_of_column in kind.choices.items():
            found = kind.table.c[column]
            if list_of_column in names and isinstance(found.type, String):
                yield found
