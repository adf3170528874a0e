"""Writing records: values in, rows and their diffs out, one at a time or many at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy import delete as sql_delete
from sqlalchemy import insert as sql_insert
from sqlalchemy import update as sql_update
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from crmlite.db.bulk import insert_rows
from crmlite.db.columns import new_uid
from crmlite.db.guarded_json import EXTRA, stored_inside
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed, seal
from crmlite.extensions import database
from crmlite.work.errors import Gone, Stale
from crmlite.work.operations import current

Model = type[Any]  # the class of a table's rows
Row = Mapping[Any, Any]  # a row as the database gives it, or as it is to be written

ALWAYS_SILENT = frozenset({"id", "uid", "version", "created_at", "updated_at"})
CHUNK = 500

CREATED = "create"
UPDATED = "update"
DELETED = "delete"


def insert(model: Model, values: Mapping[str, Any]) -> int:
    """Add a record and answer its id. Sealed columns and values are given as plain ones."""
    return insert_many(model, [values])[0]


def insert_many(model: Model, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add records of one kind; answers their ids in order. A column that only some give has its
    default in the others."""
    if not rows:
        return []
    table: Table = model.__table__
    stored = [_stored(table, _with_defaults(table, row)) for row in _even(table, rows)]
    ids = _insert(table, stored)
    left_out = silent(table)
    for record_id, row in zip(ids, stored, strict=True):
        diff = {
            name: [None, plain(value)]
            for name, value in row.items()
            if value is not None and name not in left_out
        }
        add_change(table, record_id, CREATED, diff, row)
    return ids


def _even(table: Table, rows: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """The rows with the same columns each."""
    names = dict.fromkeys(name for row in rows for name in row)
    if all(len(row) == len(names) for row in rows):
        return rows
    defaults = {name: _default(table, name) for name in names}
    return ({**defaults, **row} for row in rows)


def _default(table: Table, name: str) -> Any:
    default = table.c[name].default
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None


def update(
    model: Model, record_id: int, values: Mapping[str, Any], *, version: int | None = None
) -> dict[str, tuple[Any, Any]]:
    """Change a record; answers what really changed as `{column: (before, after)}`, stored forms.

    Of further fields (`extra`) those that are given change, None empties one, the others stay. Raises
    Gone when there is no such record, and Stale when `version` is given and another one is
    in the database.
    """
    table: Table = model.__table__
    wanted = select(table).where(table.c.id == record_id)
    if database.engine.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    before = database.session.execute(wanted).mappings().first()
    if before is None:
        raise Gone(record_name(table), record_id)
    if version is not None and before["version"] != version:
        raise Stale(record_name(table), record_id)
    changed = _changed(table, before, values)
    if changed:
        after = {name: new for name, (_, new) in changed.items()} | touched_columns(table, before)
        database.session.execute(sql_update(table).where(table.c.id == record_id).values(after))
        add_change(table, record_id, UPDATED, _diff(table, changed), before)
    return changed


def update_many(model: Model, values_by_id: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Change many records, each in its own way; answers the ids of those that really changed."""
    table: Table = model.__table__
    touched: list[int] = []
    for ids in chunks(sorted(values_by_id)):
        found = database.session.execute(select(table).where(table.c.id.in_(ids))).mappings()
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for before in found:
            changed = _changed(table, before, values_by_id[before["id"]])
            if not changed:
                continue
            after = {name: new for name, (_, new) in changed.items()} | touched_columns(
                table, before
            )
            by_columns.setdefault(tuple(after), []).append({"row_id": before["id"], **after})
            add_change(table, before["id"], UPDATED, _diff(table, changed), before)
            touched.append(before["id"])
        for columns, rows in by_columns.items():
            statement = (
                sql_update(table)
                .where(table.c.id == bindparam("row_id"))
                .values({name: bindparam(name) for name in columns})
            )
            database.session.connection().execute(statement, rows)
    return touched


def delete(model: Model, record_id: int) -> None:
    """Take a row away for good; its diff keeps every column. Records that people restore are
    not deleted but get another `state`. Raises Gone."""
    table: Table = model.__table__
    row = database.session.execute(select(table).where(table.c.id == record_id)).mappings().first()
    if row is None:
        raise Gone(record_name(table), record_id)
    database.session.execute(sql_delete(table).where(table.c.id == record_id))
    _note_taken(table, row)


def delete_many(model: Model, record_ids: Iterable[int]) -> list[int]:
    """The same for many rows; answers the ids of those that were there."""
    table: Table = model.__table__
    taken: list[int] = []
    for ids in chunks(sorted(set(record_ids))):
        wanted = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
        rows = database.session.execute(wanted).mappings().all()
        database.session.execute(sql_delete(table).where(table.c.id.in_(ids)))
        for row in rows:
            _note_taken(table, row)
        taken += [row["id"] for row in rows]
    return taken


def _note_taken(table: Table, row: Row) -> None:
    diff = {name: [plain(value), None] for name, value in row.items() if value is not None}
    add_change(table, row["id"], DELETED, diff, row)


def note(
    model: Model, record_id: int, diff: Mapping[str, Sequence[Any]], row: Row = MappingProxyType({})
) -> None:
    """Write down a change that is not in the record's own row, such as its tags.

    `row` gives the column that leads to the root, for records that hang on another.
    """
    kept = {name: list(pair) for name, pair in diff.items() if pair[0] != pair[1]}
    if kept:
        add_change(model.__table__, record_id, UPDATED, kept, row)


def record_name(table: Table) -> str:
    """What the ledger calls records of a table."""
    return str(table.info.get("record", table.name))


@cache
def silent(table: Table) -> frozenset[str]:
    """Columns that follow from others and are left out of diffs."""
    return ALWAYS_SILENT | frozenset(table.info.get("silent", ()))


def plain(value: Any) -> Any:
    """A value as JSON can hold it: moments and days as ISO text."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def chunks(ids: Iterable[int], size: int = CHUNK) -> Iterable[list[int]]:
    """Ids in lists short enough for one statement."""
    rest = list(ids)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def _insert(table: Table, rows: list[dict[str, Any]]) -> list[int]:
    session = database.session
    if len(rows) == 1:
        only = sql_insert(table).values(rows[0]).returning(table.c.id)
        return [int(session.execute(only).scalar_one())]
    # Known beforehand they need not be asked back, which takes a statement for each row.
    ids = _reserved(table, len(rows))
    numbered = [{"id": row_id, **row} for row_id, row in zip(ids, rows, strict=True)]
    insert_rows(session.connection(), table, numbered)
    return ids


def _reserved(table: Table, count: int) -> list[int]:
    """Ids that nobody else is given: SQLite has one writer, PostgreSQL counts."""
    session = database.session
    if database.engine.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        numbers = func.generate_series(1, count).table_valued("number")
        found = session.execute(select(func.nextval(sequence)).select_from(numbers))
        return [int(value) for value in found.scalars()]
    last = session.execute(select(func.max(table.c.id))).scalar() or 0
    return list(range(last + 1, last + 1 + count))


def _with_defaults(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(values)
    at = current().at
    for name, value in (("created_at", at), ("updated_at", at), ("version", 1)):
        if name in table.c:
            row.setdefault(name, value)
    if "uid" in table.c:
        row.setdefault("uid", new_uid())
    return row


def touched_columns(table: Table, before: Row) -> dict[str, Any]:
    """What changes with every change of a row: its version, when it was changed."""
    more: dict[str, Any] = {}
    if "version" in table.c:
        more["version"] = before["version"] + 1
    if "updated_at" in table.c:
        more["updated_at"] = current().at
    return more


def _stored(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    if row.get(EXTRA) and has_inside(table):
        row[EXTRA] = stored_inside(ring(), table, row[EXTRA], row["uid"])
    sealed = sealed_columns(table)
    if sealed.isdisjoint(row):
        return row
    return {
        name: _sealed(table, name, value, row["uid"]) if name in sealed else value
        for name, value in row.items()
    }


def has_inside(table: Table) -> bool:
    """Whether a table keeps further fields, each of them guarded by itself."""
    return "inside" in table.info


def is_sealed(table: Table, column: str) -> bool:
    """Whether a column's text is stored sealed."""
    return column in sealed_columns(table)


@cache
def sealed_columns(table: Table) -> frozenset[str]:
    """The columns whose text is stored sealed."""
    return frozenset(column.name for column in table.c if column.info.get("sealed"))


def _sealed(table: Table, column: str, value: str | None, uid: str) -> str | None:
    return seal(ring(), value, (table.name, column, uid)) if value else None


def _changed(table: Table, before: Row, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    changed: dict[str, tuple[Any, Any]] = {}
    for name, value in values.items():
        old = before[name]
        if name == EXTRA and has_inside(table):
            whole = {**(old or {}), **(value or {})}
            new = stored_inside(ring(), table, whole, before["uid"], old)
            if new != old:
                changed[name] = (old, new)
        elif is_sealed(table, name):
            opened = open_sealed(ring(), old, (table.name, name, before["uid"])) if old else ""
            if opened != (value or ""):
                changed[name] = (old, _sealed(table, name, value, before["uid"]))
        elif old != value:
            changed[name] = (old, value)
    return changed


def _diff(table: Table, changed: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    left_out = silent(table)
    return {
        name: [plain(old), plain(new)]
        for name, (old, new) in changed.items()
        if name not in left_out
    }


def add_change(
    table: Table, record_id: int, verb: str, diff: dict[str, list[Any]], row: Row
) -> None:
    """Write down what happened to a record; `row` gives the column that leads to its root.

    A change of silent columns only is written with an empty diff: that it happened, not what.
    """
    root_type, column = table.info.get("root", (record_name(table), None))
    current().changes.append(
        {
            "record_type": record_name(table),
            "record_id": record_id,
            "root_type": root_type,
            "root_id": row[column] if column else record_id,
            "verb": verb,
            "diff": diff,
        }
    )
