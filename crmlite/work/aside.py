"""Small writes that are no change of the book, and so stand beside operations and the ledger.

That a session is in use, what the queue has done, who looked at what.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from crmlite.db.engines import WRITE
from crmlite.extensions import database


@contextmanager
def aside(*, patient: bool = True) -> Iterator[Connection]:
    """A short transaction on a connection of its own, committed at the end.

    It ends what the caller has read so far: on SQLite without WAL an open read would keep it from
    committing. Raises DBAPIError, which `db.engines.is_busy` knows, when others have been writing
    for too long; at once, unless `patient`, when they are writing to SQLite.
    """
    database.session.rollback()
    with database.engine.connect() as connected:
        connection = connected.execution_options(**{WRITE: True})
        if patient or connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
        else:
            with _hurried(connection), connection.begin():
                yield connection


@contextmanager
def _hurried(connection: Connection) -> Iterator[None]:
    driver = connection.connection.driver_connection
    assert driver is not None
    before = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={before}")
