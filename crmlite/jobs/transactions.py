"""The queue's own short transactions: what they write is no change of the book."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from crmlite.extensions import database
from crmlite.jobs.models import Job


@contextmanager
def reading() -> Iterator[Any]:
    """A look at the queue that leaves no transaction open."""
    session = database.session
    session.rollback()
    try:
        yield session
    finally:
        session.rollback()


def insert(connection: Connection) -> Any:
    """The `insert` of this database's kind, which knows what to do about conflicts."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert


def unless_there(connection: Connection, row: Mapping[str, Any]) -> Any:
    """The statement that adds a job unless its key exists."""
    added = insert(connection)(Job.__table__).values(row)
    return added.on_conflict_do_nothing(index_elements=["key"])
