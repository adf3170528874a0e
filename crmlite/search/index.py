"""Keeps the search rows: called inside the operation that changes the record."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, delete, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from crmlite.db.engines import is_busy
from crmlite.extensions import database
from crmlite.search.derived_schema import CHECK, REBUILD
from crmlite.search.entries import Entry
from crmlite.search.folding import fold, runs
from crmlite.search.models import SearchDoc, is_postgresql
from crmlite.search.rendering import fts5_text, tsvector, words_vector
from crmlite.search.scope import scope_tokens
from crmlite.work.aside import aside

TABLE: Table = SearchDoc.__table__
WRITTEN = ("title", "body", "scope")
CHUNK = 500
LONGEST_TITLE = 200


def put(record_type: str, entry: Entry) -> None:
    """Let a record be found as it is now."""
    put_many(record_type, [entry])


def put_many(record_type: str, entries: Iterable[Entry]) -> None:
    """The same for many records of one type; rows that would not change are not written."""
    rows = [_row(record_type, entry) for entry in entries]
    if rows:
        connection = database.session.connection()
        statement = _upsert()
        for start in range(0, len(rows), CHUNK):
            connection.execute(statement, rows[start : start + CHUNK])


def remove(record_type: str, record_ids: Sequence[int]) -> None:
    """Let records be found no more."""
    for start in range(0, len(record_ids), CHUNK):
        database.session.execute(
            delete(TABLE).where(
                TABLE.c.record_type == record_type,
                TABLE.c.record_id.in_(record_ids[start : start + CHUNK]),
            )
        )


def rebuild() -> None:
    """Make the full-text table anew from the rows; PostgreSQL has none that could differ."""
    if not is_postgresql():
        database.session.execute(text(REBUILD))


def is_whole() -> bool:
    """Whether the full-text table says the same as the rows.

    SQLite compares only for who may write. Raises DatabaseError when others write for too long.
    """
    if is_postgresql():
        return True
    try:
        with aside() as connection:
            connection.execute(text(CHECK))
    except DatabaseError as error:
        if is_busy(error):
            raise
        return False
    return True


def indexed_ids(record_type: str) -> set[int]:
    """The ids of the records of a type that have a search row."""
    found = select(TABLE.c.record_id).where(TABLE.c.record_type == record_type)
    return set(database.session.execute(found).scalars())


def _row(record_type: str, entry: Entry) -> dict[str, Any]:
    tokens = entry.tokens()
    return {
        "record_type": record_type,
        "record_id": entry.record_id,
        "title": " ".join(runs(fold(entry.title)))[:LONGEST_TITLE],
        "body": tsvector(tokens) if is_postgresql() else fts5_text(tokens),
        "scope": _scope(scope_tokens(record_type, entry.owner_id, entry.state, entry.also)),
    }


def _scope(tokens: Sequence[str]) -> str:
    return " ".join(words_vector(tokens) if is_postgresql() else tokens)


def _upsert() -> Any:
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert(TABLE)
    new = {name: statement.excluded[name] for name in WRITTEN}
    return statement.on_conflict_do_update(
        index_elements=[TABLE.c.record_type, TABLE.c.record_id],
        set_=new,
        where=or_(*(TABLE.c[name].is_distinct_from(new[name]) for name in WRITTEN)),
    )
