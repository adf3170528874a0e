"""After the keys were rotated: sealed values get the new key, a batch at a time."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, select, update

from crmlite.backups.proof import sealed_columns
from crmlite.db.guarded_json import EXTRA, place_of
from crmlite.db.keyring import KeyRing
from crmlite.db.keys import ring
from crmlite.db.sealing import SealBroken, key_of, reseal
from crmlite.extensions import database
from crmlite.fields.sealing import sealed_fields
from crmlite.fields.values import sealed_column
from crmlite.jobs.queue import Lease, enqueue
from crmlite.work import Actor, current, operation

log = logging.getLogger(__name__)
KIND = "reseal-values"
BATCH = 200


@operation("keys_rotated")
def note_rotation(key_id: str, *, by: Actor, at: datetime) -> int:
    """Write down that a new key seals from now on, and have the values renewed."""
    enqueue(KIND, {"key": key_id}, key=f"{KIND}:{key_id}")
    return current().id


def reseal_values(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Seal every value in the tables with the active key. The ledger keeps what it holds as it was
    written, with the keys of that time; no change of the book is noted, for none is made."""
    for holder, names in sealed_columns():
        last = 0
        while last := _reseal(holder, names, last, by=by, at=at):
            lease.renew()
    for holder, names in sealed_fields(database.session.connection()):
        last = 0
        while last := _reseal_inside(holder, names, last, by=by, at=at):
            lease.renew()


@operation("values_resealed")
def _reseal(holder: Table, names: Sequence[str], after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id that was looked at, 0 when there are no more."""
    rows = _batch(holder, names, after)
    keys = ring()
    for row in rows:
        renewed = {
            name: value
            for name in names
            if (value := _renewed(keys, row[name], (holder.name, name, row["uid"]))) != row[name]
        }
        if renewed:
            where = holder.c.id == row["id"]
            database.session.execute(update(holder).where(where).values(renewed))
    return rows[-1]["id"] if rows else 0


@operation("values_resealed")
def _reseal_inside(
    holder: Table, names: Sequence[str], after: int, *, by: Actor, at: datetime
) -> int:
    """The same of further fields, which stand in one column."""
    rows = _batch(holder, [EXTRA], after)
    keys = ring()
    for row in rows:
        before = row[EXTRA] or {}
        renewed = {
            name: _renewed(keys, before[name], place_of(holder, name, row["uid"]))
            for name in names
            if isinstance(before.get(name), str)
        }
        if any(renewed[name] != before[name] for name in renewed):
            where = holder.c.id == row["id"]
            values = {EXTRA: {**before, **renewed}}
            database.session.execute(update(holder).where(where).values(values))
    return rows[-1]["id"] if rows else 0


def _batch(holder: Table, names: Sequence[str], after: int) -> Sequence[RowMapping]:
    statement = select(holder.c.id, holder.c.uid, *(holder.c[name] for name in names))
    statement = statement.where(holder.c.id > after).order_by(holder.c.id).limit(BATCH)
    if database.engine.dialect.name == "postgresql":
        statement = statement.with_for_update()
    return database.session.execute(statement).mappings().all()


def _renewed(keys: KeyRing, stored: str | None, place: tuple[str, str, str]) -> str | None:
    if not stored or key_of(stored) == keys.active:
        return stored
    try:
        return reseal(keys, stored, place)
    except SealBroken:
        log.error("a sealed value of %s.%s cannot be opened and is left as it is", *place[:2])
        return stored


def values_per_key(connection: Connection, keys: KeyRing) -> dict[str, int]:
    """How many values of the tables each key seals; the empty key stands for all others."""
    counts = dict.fromkeys((*keys.key_ids, ""), 0)
    columns: list[ColumnElement[Any]] = [
        holder.c[name] for holder, names in sealed_columns() for name in names
    ]
    for holder, names in sealed_fields(connection):
        columns += [sealed_column(name, holder) for name in names]
    for column in columns:
        key = func.substr(column, 4, 6)  # `v1.<key id>.…`, ids being six characters long
        found = select(key, func.count()).where(column.is_not(None), column != "").group_by(key)
        for key_id, number in connection.execute(found):
            counts[key_id if key_id in counts else ""] += number
    return counts
