"""Sensitive values: read in one place, shown whole or masked, and every look written down.

A table with sensitive columns names in `info["sensitive"]` the right that unmasks each of them:
`{"mobile": "customers:unmask", "annual_amount": "customers:amounts"}`. Columns that are sealed but
not sensitive (an address, a remark) are opened with `opened`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app, g
from sqlalchemy import ColumnElement, String, Table, insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from crmlite.access.readers import Reader
from crmlite.db.columns import Json, UTCDateTime
from crmlite.db.derived import append_only
from crmlite.db.guarded_json import EXTRA, PREFIX, guard_of, opened_inside
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed
from crmlite.extensions import Model
from crmlite.rules.contact_details import masked as mask
from crmlite.work.aside import aside

AMOUNT_MASK = "••••"
REPEAT = timedelta(minutes=10)  # a page shown again within this is the same look
REMEMBERED = 2000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """A sensitive value as a reader gets it; `value` is None when masked."""

    text: str
    masked: bool
    value: Any = None

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Shown("", False)


class ViewingRow(Model):
    """Who saw which unmasked values, and when."""

    __tablename__ = "viewing"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    user_id: Mapped[int] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(32))
    record_type: Mapped[str] = mapped_column(String(32))
    record_ids: Mapped[list[int]] = mapped_column(Json)
    columns: Mapped[list[str]] = mapped_column(Json)


append_only(ViewingRow.__tablename__)


def columns(*wanted: InstrumentedAttribute[Any], prefix: str = "") -> list[ColumnElement[Any]]:
    """Sensitive and sealed columns for a select, with what `shown` and `opened` need beside them.

    With a `prefix` every column is labelled `prefix + name`, for joins.
    """
    table: Table = wanted[0].class_.__table__
    names = [attribute.key for attribute in wanted]
    if any(table.c[name].info.get("sealed") for name in names):
        names.append("uid")
    return [table.c[name].label(prefix + name) for name in dict.fromkeys(names)]


def shown(
    reader: Reader,
    attribute: InstrumentedAttribute[Any],
    row: Mapping[str, Any],
    *,
    owner_id: int | None,
    prefix: str = "",
) -> Shown:
    """A sensitive value of a row: whole for those with the right, else masked.

    `owner_id` is the owner of the record it belongs to. A whole value is noted for the log of
    viewings.
    """
    table, name = attribute.class_.__table__, attribute.key
    stored = row[prefix + name]
    if stored is None or stored == "":
        return NOTHING
    right = table.info["sensitive"][name]
    whole = reader.covers(right, owner_id)
    kind = table.c[name].info.get("masked")
    if not kind:  # an amount
        if not whole:
            return Shown(AMOUNT_MASK, True)
        note_viewing(table, row.get(prefix + "id"), name)
        return Shown(str(stored), False, stored)
    text = _open(table, name, stored, row[prefix + "uid"])
    if not whole:
        return Shown(mask(kind, text), True)
    note_viewing(table, row.get(prefix + "id"), name)
    return Shown(text, False, text)


def shown_inside(
    reader: Reader,
    table: Table,
    key: str,
    row: Mapping[str, Any],
    *,
    owner_id: int | None,
    prefix: str = "",
) -> Shown:
    """A guarded further field of a row, by its key: whole for those with the right, else masked.
    Beside `extra` that needs `id` and `uid` of the row."""
    stored = (row[prefix + EXTRA] or {}).get(key)
    if stored in (None, "", []):
        return NOTHING
    found = _inside(reader, table, key, stored, row[prefix + "uid"], owner_id)
    if not found.masked:
        note_viewing(table, row.get(prefix + "id"), PREFIX + key)
    return found


def _inside(
    reader: Reader, table: Table, key: str, stored: Any, uid: str, owner_id: int | None
) -> Shown:
    guard = guard_of(table, PREFIX + key)
    if guard is None:
        raise KeyError(key)
    whole = not guard.gone and reader.covers(guard.right, owner_id)
    if not whole and not guard.masked:
        return Shown(AMOUNT_MASK, True)
    value = opened_inside(ring(), table, key, stored, uid) if guard.sealed else stored
    return Shown(str(value), False, value) if whole else Shown(mask(guard.masked, value), True)


def opened(attribute: InstrumentedAttribute[Any], row: Mapping[str, Any], prefix: str = "") -> str:
    """The text of a sealed column that is not sensitive; empty when there is none."""
    table, name = attribute.class_.__table__, attribute.key
    if name in table.info.get("sensitive", {}):
        raise PermissionError(f"{table.name}.{name} is sensitive: read it with shown()")
    return whole_text(attribute, row, prefix)


def whole_text(
    attribute: InstrumentedAttribute[Any], row: Mapping[str, Any], prefix: str = ""
) -> str:
    """The text of any sealed column, for operations that must compute with it, never for people."""
    table, name = attribute.class_.__table__, attribute.key
    stored = row[prefix + name]
    return _open(table, name, stored, row[prefix + "uid"]) if stored else ""


def from_ledger(
    reader: Reader, table: Table, name: str, stored: Any, *, uid: str, owner_id: int | None
) -> Shown:
    """A value out of a diff as a reader may see it: masked there exactly as on its page."""
    if stored in (None, ""):
        return NOTHING
    if guard_of(table, name) is not None:
        return _inside(reader, table, name.removeprefix(PREFIX), stored, uid, owner_id)
    column = table.c.get(name)
    right = table.info.get("sensitive", {}).get(name)
    whole = right is None or reader.covers(right, owner_id)
    if column is None or not column.info.get("sealed"):
        return Shown(str(stored), False, stored) if whole else Shown(AMOUNT_MASK, True)
    text = _open(table, name, stored, uid)
    return Shown(text, False, text) if whole else Shown(mask(column.info["masked"], text), True)


def note_viewing(table: Table, record_id: int | None, column: str) -> None:
    """Remember that this request shows a whole sensitive value."""
    viewed: dict[str, tuple[set[int], set[str]]] = g.setdefault("viewed", {})
    ids, names = viewed.setdefault(str(table.info.get("record", table.name)), (set(), set()))
    if record_id is not None:
        ids.add(record_id)
    names.add(column)


def forget_viewings() -> None:
    """Say that nothing of what this request noted is shown after all."""
    g.pop("viewed", None)


def write_viewings(
    reader: Reader, place: str, at: datetime, *, repeated: timedelta = REPEAT
) -> None:
    """Write down what this request showed whole; one row per kind of record.

    The same page opened again within ten minutes is the same look; `repeated` is that time, zero
    for what is not shown but taken away, of which every time counts.
    """
    viewed: Mapping[str, tuple[Iterable[int], Iterable[str]]] = g.pop("viewed", {})
    rows = [
        {
            "at": at,
            "user_id": reader.user_id,
            "place": place,
            "request_id": g.get("request_id"),
            "record_type": record,
            "record_ids": sorted(ids),
            "columns": sorted(names),
        }
        for record, (ids, names) in viewed.items()
    ]
    if not rows:
        return
    if not repeated:
        with aside() as connection:
            connection.execute(insert(ViewingRow.__table__), rows)
        return
    seen: dict[tuple[Any, ...], datetime] = current_app.extensions.setdefault(
        "crmlite.viewings", {}
    )
    fresh = {key: row for row in rows if at - seen.get(key := _look(row), LONG_AGO) >= repeated}
    if not fresh:
        return
    with aside() as connection:
        connection.execute(insert(ViewingRow.__table__), list(fresh.values()))
    if len(seen) >= REMEMBERED:
        seen.clear()
    seen.update(dict.fromkeys(fresh, at))  # only now: what failed to be written is no look yet


def _look(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two viewings the same look: who saw what."""
    return (row["user_id"], row["record_type"], *row["columns"], *row["record_ids"])


def _open(table: Table, column: str, stored: str, uid: str) -> str:
    return open_sealed(ring(), stored, (table.name, column, uid))
