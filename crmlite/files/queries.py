"""The files of records."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import abort
from sqlalchemy import Column, ColumnElement, Select, Text, cast, func, select

from crmlite.access import Reader, opened
from crmlite.extensions import database
from crmlite.files.attachables import Target, found
from crmlite.files.models import Attachment

Row = Mapping[str, Any]
TABLE = Attachment.__table__
LISTED = ("id", "uid", "name", "size", "media_type", "added_by_id", "created_at")
BESIDE = 12  # files that stand beside a record; the rest is a click away
PAGE = 100  # files of a record on a page of all


def files_of(record_type: str, record_id: int, before: int | None = None) -> Sequence[Row]:
    """The files of a record that the reader was seen to see, the latest first: a page of those before
    an id, and one more where there are more."""
    mine = TABLE.c.record_id == record_id
    if before is not None:
        mine &= TABLE.c.id < before
    statement = _of(record_type, mine).limit(PAGE + 1)
    return database.session.execute(statement).mappings().all()


def attachment(attachment_id: int, reader: Reader, *, change: bool = False) -> tuple[Row, Target]:
    """A file with its record, for a reader who sees that one; 404 when they do not, 403 when they
    may not change it."""
    statement = select(TABLE).where(TABLE.c.id == attachment_id, TABLE.c.state == "active")
    row = database.session.execute(statement).mappings().first()
    if row is None:
        abort(404)
    return row, found(row["record_type"], row["record_id"], reader, change=change)


def name_of(row: Row) -> str:
    """What a file is called."""
    return opened(Attachment.name, row)


def number_of(record_type: str, record_id: ColumnElement[int]) -> ColumnElement[int]:
    """How many files a record has, as a column of a statement that asks for many records."""
    mine = (TABLE.c.record_type == record_type, TABLE.c.record_id == record_id)
    counted = select(func.count()).where(*mine, TABLE.c.state == "active")
    return counted.scalar_subquery()


def packed(record_type: str, record_id: Column[int]) -> ColumnElement[Any]:
    """The latest files of a record as one column of the statement that asks for the record: a page
    that shows both asks once. `unpacked` reads it."""
    latest = _of(record_type, TABLE.c.record_id == record_id).limit(BESIDE + 1)
    inner = latest.correlate(record_id.table).subquery()
    columns = [inner.c[name] for name in LISTED]
    if database.engine.dialect.name == "postgresql":
        gathered = func.json_agg(func.json_build_array(*columns))
    else:
        gathered = func.json_group_array(func.json_array(*columns))
    return select(cast(gathered, Text)).scalar_subquery()


def unpacked(value: str | None) -> list[Row]:
    """The files out of such a column."""
    rows = [dict(zip(LISTED, each, strict=True)) for each in json.loads(value or "[]")]
    for row in rows:
        at = datetime.fromisoformat(row["created_at"])
        row["created_at"] = at if at.tzinfo else at.replace(tzinfo=UTC)
    return sorted(rows, key=lambda row: row["id"], reverse=True)


def _of(record_type: str, mine: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*(TABLE.c[name] for name in LISTED))
        .where(TABLE.c.record_type == record_type, mine, TABLE.c.state == "active")
        .order_by(TABLE.c.id.desc())
    )


def digests_of(record_type: str, record_id: int) -> set[tuple[str, str]]:
    """Names and SHA-256 of the files of a record, so that the same is not attached twice."""
    statement = select(TABLE.c.uid, TABLE.c.name, TABLE.c.sha256).where(
        TABLE.c.record_type == record_type,
        TABLE.c.record_id == record_id,
        TABLE.c.state == "active",
    )
    rows = database.session.execute(statement).mappings()
    return {(name_of(row), row["sha256"]) for row in rows}


def known(uids: Collection[str]) -> set[str]:
    """Those of some hundred uids under which a row knows a file, be it in the recycle bin."""
    rows = database.session.execute(select(TABLE.c.uid).where(TABLE.c.uid.in_(uids)))
    return set(rows.scalars())


def long_deleted(before: datetime, limit: int) -> Sequence[tuple[int, str]]:
    """Ids and uids of files that have been in the recycle bin since before a moment."""
    statement = (
        select(TABLE.c.id, TABLE.c.uid)
        .where(TABLE.c.state == "deleted", TABLE.c.updated_at < before)
        .order_by(TABLE.c.updated_at)
        .limit(limit)
    )
    return [(row.id, row.uid) for row in database.session.execute(statement)]


def everything() -> Iterator[Any]:
    """uid and SHA-256 of all files, those in the recycle bin too."""
    statement = select(TABLE.c.uid, TABLE.c.sha256).order_by(TABLE.c.id)
    yield from database.session.execute(statement.execution_options(yield_per=500))
