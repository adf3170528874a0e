"""A book that stays as it is: whatever a request does to it is seen, and taken back afterwards.

All requests go over one connection, on which one transaction is open; what the application takes for
transactions are savepoints in it. So a thousand requests, each with the same book before it, cost no
more than the requests themselves.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select, text

from crmlite.extensions import database

THROTTLE, SEEN = "throttle", "seen_at"  # that somebody guesses or is there is no change of the book
MARK = "of_the_application"


class Unspoilt:
    """The book of an application, from a moment on."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self.drivers: list[Any] = []
        self.began = False
        self.written = 0

    def connected(self, driver: Any, _record: Any) -> None:
        """Note the connection; with a second one nothing could be taken back."""
        self.drivers.append(driver)
        assert len(self.drivers) == 1, "requests went over two connections at once"
        self._begin()

    def _begin(self) -> None:
        if self.engine.dialect.name == "sqlite":
            self._run("BEGIN")
            self.written = self.drivers[0].total_changes

    def _run(self, statement: str) -> Any:
        cursor = self.drivers[0].cursor()
        try:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
        finally:
            cursor.close()

    def begin(self, _connection: Any = None) -> None:
        """What the application takes for the begin of a transaction."""
        if not self.began:
            self._run(f"SAVEPOINT {MARK}")
        self.began = True

    def commit(self, _driver: Any) -> None:
        """What it takes for its commit."""
        if self.began:
            self._run(f"RELEASE SAVEPOINT {MARK}")
        self.began = False

    def rollback(self, _driver: Any) -> None:
        """What it takes for its rollback."""
        if self.began:
            self._run(f"ROLLBACK TO SAVEPOINT {MARK}")
            self._run(f"RELEASE SAVEPOINT {MARK}")
        self.began = False

    def has_been_written_to(self) -> bool:
        """Whether anything was written since it was taken back last, kept or not: both engines know."""
        if self.engine.dialect.name == "sqlite":
            return bool(self.drivers[0].total_changes != self.written)
        return self._run("SELECT pg_current_xact_id_if_assigned()")[0] is not None

    def take_back(self) -> None:
        """Have the book as it was."""
        self.rollback(None)
        self._run("ROLLBACK")
        self._begin()

    def hash(self) -> str:
        """What all tables hold, but for who is there and who guesses."""
        told = hashlib.sha256()
        with self.app.app_context():
            for table in database.metadata.sorted_tables:
                if table.name != THROTTLE:
                    columns = [column for column in table.c if column.name != SEEN]
                    wanted = select(*columns).order_by(*table.primary_key)
                    rows = database.session.execute(wanted).all()
                    told.update(f"{table.name} {rows}".encode())
            database.session.remove()
        return told.hexdigest()


@contextmanager
def unspoilt(app: Flask) -> Iterator[Unspoilt]:
    """Have all that is done to the book of an application taken back when that is asked for."""
    with app.app_context():
        engine = database.engine
        database.session.remove()
    engine.dispose()
    book = Unspoilt(app, engine)
    held = {
        "do_commit": book.commit,
        "do_rollback": book.rollback,
        "do_ping": lambda _driver: True,
        "set_isolation_level": lambda *_: None,
        "reset_isolation_level": lambda *_: None,
    }
    kept = [(engine, "begin", book.begin), (engine, "connect", book.connected)]
    asked = (engine, "before_cursor_execute", begun_by_savepoints)
    for name, instead in held.items():
        setattr(engine.dialect, name, instead)
    for one in kept:
        event.listen(*one)
    event.listen(*asked, retval=True)
    try:
        with app.app_context():
            database.session.execute(text("SELECT 1"))
            database.session.remove()
        yield book
    finally:
        book.take_back()
        for one in (*kept, asked):
            event.remove(*one)
        for name in held:
            delattr(engine.dialect, name)
        engine.dispose()


def begun_by_savepoints(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any
) -> tuple[str, Any]:
    """SQLite's own begin, which a savepoint stands for."""
    return ("SELECT 1" if statement.startswith("BEGIN") else statement), parameters
