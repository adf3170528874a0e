"""Imports as they stand, and what became of their rows."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from crmlite.access import Reader
from crmlite.customers.models import Customer
from crmlite.db.keys import ring
from crmlite.db.sealing import open_sealed
from crmlite.extensions import database
from crmlite.imports.beginning import Beginning, from_json
from crmlite.imports.models import (
    AT_WORK,
    BROKEN,
    CHECKED,
    CHECKING,
    CREATED,
    DISCARDED,
    IMPORTED,
    IMPORTING,
    MAPPING,
    UNDOING,
    UNDONE,
    Import,
    ImportNote,
    ImportRow,
)
from crmlite.objects.models import Object
from crmlite.sales.models import Order
from crmlite.work import Gone
from crmlite.work.ledger import OperationRow
from crmlite.work.records import chunks

Row = Mapping[str, Any]
OPERATIONS = OperationRow.__table__
IMPORTS, ROWS, NOTES = Import.__table__, ImportRow.__table__, ImportNote.__table__
LATEST = 50
AT_ONCE = 500
COUNTED = 1000
UNDECIDED = (MAPPING, CHECKING, CHECKED)  # who brought the file has still to say what is to become
ALL_OF_CUSTOMERS = ("customers:see", "customers:unmask", "customers:amounts")


def find(import_id: int) -> Row | None:
    """An import; None when there is none. It is undone also where what it did was taken back as any
    other operation is."""
    return database.session.execute(_imports(IMPORTS.c.id == import_id)).mappings().first()


def left_at(run: Row) -> str:
    """What an import was at when it broke off, for as long as some of it is in the book; else its
    state."""
    if run["state"] != BROKEN or run["operation_id"] is None:
        return str(run["state"])
    return UNDOING if (run["problem"] or {}).get("during") == UNDOING else IMPORTING


def _imports(condition: ColumnElement[bool]) -> Select[Any]:
    columns = [column for column in IMPORTS.c if column.name != "state"]
    is_undone = IMPORTS.c.state.in_((IMPORTED, BROKEN)) & _is_taken_back()
    state = case((is_undone, UNDONE), else_=IMPORTS.c.state).label("state")
    return select(*columns, state).where(condition, IMPORTS.c.state != DISCARDED)


def _is_taken_back() -> ColumnElement[bool]:
    """Whether the operation of an import, which is its first batch and the last one that an undo
    puts back, is undone, and that undo is not."""
    undo, again = aliased(OPERATIONS), aliased(OPERATIONS)
    redone = select(again.c.id).where(again.c.undoes_id == undo.c.id).exists()
    return select(undo.c.id).where(undo.c.undoes_id == IMPORTS.c.operation_id, ~redone).exists()


def load(import_id: int) -> Row:
    """An import. Raises Gone."""
    found = find(import_id)
    if found is None:
        raise Gone("import", import_id)
    return found


def run_of(import_id: int, *, seen_by: Reader) -> Row:
    """An import that the reader brought; 404 otherwise. What stands in a file is for its importer."""
    found = find(import_id)
    if found is None or not is_seen(found, seen_by):
        abort(404)
    return found


def is_seen(run: Row, reader: Reader) -> bool:
    """Whether an import is the reader's own; what the command line imported is for those who see all
    of every customer."""
    if run["user_id"] is None:
        return run["state"] not in UNDECIDED and _sees_all(reader)
    return bool(run["user_id"] == reader.user_id)


def _sees_all(reader: Reader) -> bool:
    return all(reader.scope(right) == "all" for right in ALL_OF_CUSTOMERS)


def runs(reader: Reader) -> list[Row]:
    """The latest imports that the reader may see."""
    mine = IMPORTS.c.user_id == reader.user_id
    if _sees_all(reader):
        mine |= IMPORTS.c.user_id.is_(None) & IMPORTS.c.state.not_in(UNDECIDED)
    wanted = _imports(mine).order_by(IMPORTS.c.id.desc()).limit(LATEST)
    return list(database.session.execute(wanted).mappings())


def remembered(headings: str, about: str) -> list[dict[str, Any]] | None:
    """What the columns of the last file about the same with these headings were about."""
    wanted = (
        select(IMPORTS.c.columns)
        .where(
            IMPORTS.c.headings == headings,
            IMPORTS.c.state == IMPORTED,
            IMPORTS.c.target == about,
        )
        .order_by(IMPORTS.c.id.desc())
        .limit(1)
    )
    return database.session.execute(wanted).scalar()


def unfinished(digest: str, about: str, user_id: int | None) -> Row | None:
    """An import of the same file, about the same, that was begun by the same person and is not at its end."""
    wanted = select(IMPORTS).where(
        IMPORTS.c.digest == digest,
        IMPORTS.c.target == about,
        IMPORTS.c.state == IMPORTING,
        IMPORTS.c.user_id.is_not_distinct_from(user_id),
    )
    return database.session.execute(wanted.order_by(IMPORTS.c.id.desc())).mappings().first()


def outdated(at: datetime) -> Sequence[int]:
    """Imports whose files are to go."""
    wanted = select(IMPORTS.c.id).where(IMPORTS.c.file_until < at, IMPORTS.c.state.not_in(AT_WORK))
    return database.session.execute(wanted).scalars().all()


def beginning_of(run: Row) -> Beginning:
    """How the file of an import begins, while its columns are being named."""
    assert run["beginning"] is not None
    return from_json(open_sealed(ring(), run["beginning"], (IMPORTS.name, "beginning", run["uid"])))


def customer_of(import_id: int, number: int) -> int | None:
    """Whom a row that is done became, or was about."""
    wanted = select(ROWS.c.customer_id).where(
        ROWS.c.import_id == import_id, ROWS.c.number == number
    )
    return database.session.execute(wanted).scalar()


def still_there(import_id: int) -> set[int]:
    """The customers that an import added and that are in the book."""
    wanted = (
        select(ROWS.c.customer_id)
        .join(Customer.__table__, Customer.id == ROWS.c.customer_id)
        .where(ROWS.c.import_id == import_id, ROWS.c.fate == CREATED, Customer.state != "deleted")
    )
    return set(database.session.execute(wanted).scalars())


def ours(import_id: int, order_ids: Collection[int]) -> set[int]:
    """Which of these orders an import wrote."""
    found: set[int] = set()
    for some in chunks(sorted(order_ids), AT_ONCE):
        wanted = select(ROWS.c.order_id).where(
            ROWS.c.order_id.in_(some), ROWS.c.import_id == import_id, ROWS.c.fate == CREATED
        )
        found.update(database.session.execute(wanted).scalars())
    return found


def orders_still_there(import_id: int) -> set[int]:
    """The orders that an import wrote and that are in the book."""
    wanted = (
        select(ROWS.c.order_id)
        .join(Order.__table__, Order.id == ROWS.c.order_id)
        .where(ROWS.c.import_id == import_id, ROWS.c.fate == CREATED, Order.state != "deleted")
    )
    return set(database.session.execute(wanted).scalars())


def objects_still_there(import_id: int) -> set[int]:
    """The records that an import added and that are in the book."""
    wanted = (
        select(ROWS.c.object_id)
        .join(Object.__table__, Object.id == ROWS.c.object_id)
        .where(ROWS.c.import_id == import_id, ROWS.c.fate == CREATED, Object.state != "deleted")
    )
    return set(database.session.execute(wanted).scalars())


def ownerless(import_id: int) -> int:
    """How many of the customers that an import added are nobody's; counted to COUNTED."""
    some = (
        select(ROWS.c.id)
        .join(Customer.__table__, Customer.id == ROWS.c.customer_id)
        .where(ROWS.c.import_id == import_id, ROWS.c.fate == CREATED)
        .where(Customer.state == "active", Customer.owner_id.is_(None))
        .limit(COUNTED)
    )
    return int(
        database.session.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    )


def not_deleted(customer_ids: Collection[int]) -> set[int]:
    """Those of these customers that are not in the recycle bin."""
    found: set[int] = set()
    for some in chunks(sorted(customer_ids), AT_ONCE):
        wanted = select(Customer.id).where(Customer.id.in_(some), Customer.state != "deleted")
        found.update(database.session.execute(wanted).scalars())
    return found


def uids() -> set[str]:
    """The files that imports still have."""
    wanted = select(IMPORTS.c.uid).where(IMPORTS.c.file_until.is_not(None))
    return set(database.session.execute(wanted).scalars())


def rows_of(
    import_id: int, fates: Sequence[str] = (), *, noted: bool = False, after: int = 0, limit: int
) -> list[dict[str, Any]]:
    """Rows in order, each with its fate, its customer, and what is to be said about it: `name` (as the
    file has it), `doubts`, `earlier`, `likely`. With `noted` only those about which there is something."""
    wanted = (
        select(
            ROWS.c.number,
            ROWS.c.fate,
            ROWS.c.customer_id,
            ROWS.c.order_id,
            ROWS.c.object_id,
            NOTES.c.told,
            NOTES.c.uid,
        )
        .select_from(
            ROWS.outerjoin(
                NOTES,
                (NOTES.c.import_id == ROWS.c.import_id) & (NOTES.c.number == ROWS.c.number),
            )
        )
        .where(ROWS.c.import_id == import_id, ROWS.c.number > after)
        .order_by(ROWS.c.number)
        .limit(limit)
    )
    if fates:
        wanted = wanted.where(ROWS.c.fate.in_(fates))
    if noted:
        wanted = wanted.where(NOTES.c.id.is_not(None))
    return [{**row, **_told(row)} for row in database.session.execute(wanted).mappings()]


def each_noted(import_id: int, fates: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """All rows about which there is something to be said, read in pieces."""
    after = 0
    while some := rows_of(import_id, fates, noted=True, after=after, limit=500):
        yield from some
        after = some[-1]["number"]


def _told(row: Row) -> dict[str, Any]:
    if row["told"] is None:
        return {"name": "", "doubts": [], "earlier": None, "likely": []}
    text = open_sealed(ring(), row["told"], (NOTES.name, "told", row["uid"]))
    found: dict[str, Any] = json.loads(text)
    return found
