"""The notifications of one person, the latest first. Nobody sees those of others."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort
from sqlalchemy import Select, func, select

from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.history.queries.cursors import Cursor, Slice, cut
from crmlite.notifications.models import MutedKind, Notification

Row = Mapping[str, Any]
MOST = 100  # unread ones that are counted
LATEST = 8
PAGE = 30
TABLE = Notification.__table__


def unread_count(user_id: int) -> int:
    """How many somebody has not read; `MOST` means that many and more."""
    return int(database.session.execute(counting(user_id)).scalar_one())


def counting(user_id: int) -> Select[tuple[int]]:
    """The statement that counts them. Every page asks it: the index alone answers."""
    unread = select(TABLE.c.id).where(TABLE.c.user_id == user_id, TABLE.c.read_at.is_(None))
    return select(func.count()).select_from(unread.limit(MOST).subquery())


def latest(reader: Reader) -> Sequence[Row]:
    """The newest ones, read or not."""
    mine = select(TABLE).where(TABLE.c.user_id == reader.user_id)
    found = mine.order_by(TABLE.c.id.desc()).limit(LATEST)
    return database.session.execute(found).mappings().all()


def listed(reader: Reader, *, unread: bool, cursor: str = "", size: int = PAGE) -> Slice:
    """A page of them, the unread alone if asked. Raises BadCursor."""
    start = Cursor.read(cursor)
    statement = select(TABLE).where(TABLE.c.user_id == reader.user_id)
    if unread:
        # Ordered by it, too, so that the index of the unread gives them in order.
        read_at = TABLE.c.read_at
        statement = statement.where(read_at.is_(None)).order_by(
            read_at.asc() if start.backwards else read_at.desc()
        )
    asked = start.apply(statement, TABLE.c.id).limit(size + 1)
    return cut(database.session.execute(asked).mappings().all(), start, size)


def one(notification_id: int, reader: Reader) -> Row:
    """A notification of the reader; 404 when it is not theirs, or gone."""
    mine = select(TABLE).where(TABLE.c.id == notification_id, TABLE.c.user_id == reader.user_id)
    row = database.session.execute(mine).mappings().first()
    if row is None:
        abort(404)
    return row


def muted_kinds(user_id: int) -> set[str]:
    """The kinds of which somebody wants to be told nothing."""
    table = MutedKind.__table__
    found = select(table.c.kind).where(table.c.user_id == user_id)
    return set(database.session.execute(found).scalars())
