"""Keyset paging: the next page starts after the last row, however many came before it.

A sort is one column and then the id, so that the order is total. Empty values come last, in both
directions and on both engines.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    false,
    literal,
    or_,
)
from sqlalchemy.types import TypeEngine

from crmlite.db.columns import UTCDateTime

MAX_CURSOR = 2000
ID_BITS = 31  # PostgreSQL refuses to compare its integers with larger ones


class BadCursor(ValueError):
    """A page marker that is not one of ours."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By which column rows are ordered; `name` stands for it in page markers."""

    name: str
    column: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page with the markers of its neighbours (empty: there is none)."""

    rows: Sequence[Mapping[str, Any]]
    before: str = ""
    after: str = ""


def ordered(
    statement: Select[Any], sort: Sort, id_column: ColumnElement[Any], cursor: str, size: int | None
) -> Select[Any]:
    """The statement for one page: in order, from the marker on, one row more than the page holds;
    all rows where `size` is None.

    Give its rows to `cut`. Raises BadCursor.
    """
    backwards, value, last_id = _read(cursor, sort) if cursor else (False, None, None)
    descending = sort.descending != backwards
    column = sort.column
    order = column.desc() if descending else column.asc()
    order = order.nulls_first() if backwards else order.nulls_last()
    by_id = id_column.desc() if descending else id_column.asc()
    statement = statement.order_by(order, by_id).limit(None if size is None else size + 1)
    if last_id is None:
        return statement
    return statement.where(_beyond(column, id_column, value, last_id, descending, backwards))


def cut(
    rows: Sequence[Mapping[str, Any]], sort: Sort, cursor: str, size: int, *, key: str, id_key: str
) -> Page:
    """The page from what the statement of `ordered` found; `key` and `id_key` name the columns
    that hold the sort value and the id in a row."""
    backwards = _read(cursor, sort)[0] if cursor else False
    more = len(rows) > size
    kept = list(rows[:size])
    if backwards:
        kept.reverse()
    if not kept:
        return Page([])
    has_before = more if backwards else bool(cursor)
    has_after = True if backwards else more
    return Page(
        kept,
        _write(sort, kept[0][key], kept[0][id_key], backwards=True) if has_before else "",
        _write(sort, kept[-1][key], kept[-1][id_key], backwards=False) if has_after else "",
    )


def read_moment(text: str) -> datetime:
    """The moment out of a page marker. Raises ValueError also for one that no database keeps,
    because its time zone moves it out of the calendar."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def _beyond(
    column: ColumnElement[Any],
    id_column: ColumnElement[Any],
    value: Any,
    last_id: int,
    descending: bool,
    backwards: bool,
) -> ColumnElement[bool]:
    """Rows after the marked one in the order of reading, NULLs being last in forward order."""
    further_id = id_column < last_id if descending else id_column > last_id
    if value is None:
        among_nulls = and_(column.is_(None), further_id)
        return or_(among_nulls, column.is_not(None)) if backwards else among_nulls
    if isinstance(value, bool):  # SQLAlchemy would not compare a constant by order
        value = literal(value)
    further = column < value if descending else column > value
    tied = and_(column == value, further_id)
    nulls = false() if backwards else column.is_(None)
    return or_(further, tied, nulls)


def _write(sort: Sort, value: Any, row_id: int, *, backwards: bool) -> str:
    plain = value.isoformat() if isinstance(value, (date, datetime)) else value
    text = json.dumps([sort.name, int(sort.descending), int(backwards), plain, row_id])
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read(cursor: str, sort: Sort) -> tuple[bool, Any, int]:
    if len(cursor) > MAX_CURSOR:
        raise BadCursor(cursor[:20])
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        name, descending, backwards, value, row_id = json.loads(raw)
        if name != sort.name or bool(descending) != sort.descending:
            raise BadCursor(cursor)  # the marker of another order
        return bool(backwards), _typed(value, sort.column.type), _whole(row_id)
    except (ValueError, TypeError, UnicodeError, RecursionError) as error:
        raise BadCursor(cursor) from error


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    """The value out of a marker as its column takes it. Raises ValueError or TypeError."""
    if value is None:
        return None
    if isinstance(kind, UTCDateTime):
        return read_moment(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Integer):
        return _whole(value, 63 if isinstance(kind, BigInteger) else ID_BITS)
    if isinstance(kind, Boolean) and isinstance(value, bool):
        return value
    if isinstance(kind, (Float, Numeric)) and type(value) in (int, float) and isfinite(value):
        return value
    if isinstance(kind, String) and isinstance(value, str) and "\x00" not in value:
        value.encode()  # half a character is none
        return value
    raise ValueError(value)


def _whole(value: Any, bits: int = ID_BITS) -> int:
    if type(value) is not int or not -(2**bits) <= value < 2**bits:
        raise ValueError(value)
    return value
