"""Changing the firm's settings."""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.settings.following import follow
from crmlite.settings.models import SettingRow
from crmlite.settings.queries import declared_settings, stored_settings
from crmlite.work import Actor, Stale, current, operation, records
from crmlite.work.operations import move_epoch


@operation("settings_changed")
def change_settings(
    values: Mapping[str, Any], *, by: Actor, at: datetime, seen: int | None = None
) -> int:
    """Set what differs; answers the id of the operation, 0 when nothing did.

    `seen` is the fingerprint of the same settings as they stood in the form. Raises Stale when
    they are others by now, KeyError for a setting that nobody declared.
    """
    move_epoch()
    declared = declared_settings()
    stored = stored_settings()
    now = {name: stored.get(name, declared[name].default) for name in values}
    if seen is not None and seen != fingerprint(now):
        raise Stale("setting", 0)
    changed = {name: value for name, value in values.items() if not _same(value, now[name])}
    for name, value in changed.items():
        _write(name, value, is_new=name not in stored)
    follow(changed)
    return current().id if changed else 0


def fingerprint(values: Mapping[str, Any]) -> int:
    """A number that is another one as soon as one of these settings is."""
    told = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return zlib.crc32(told.encode()) & 0x7FFFFFFF  # as large as a form sends


def _write(name: str, value: Any, *, is_new: bool) -> None:
    if is_new:
        records.insert(SettingRow, {"name": name, "value": value})
        return
    table = SettingRow.__table__
    row_id = database.session.execute(select(table.c.id).where(table.c.name == name)).scalar_one()
    records.update(SettingRow, row_id, {"value": value})


def _same(one: Any, other: Any) -> bool:
    """Whether two values mean the same: of several that were ticked, the order means nothing."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return sorted(one) == sorted(other)
    return bool(one == other)
