"""A book in PostgreSQL: copied out of one snapshot, and put in place of another by renaming schemas.

The parts are what COPY writes, one file per table; the tables themselves are made by crmlite's own
migrations. So a backup needs none of PostgreSQL's programs, and fits other versions of it.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from crmlite.backups.refusal import BackupUnusable
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import WRITE, engine_options
from crmlite.wording import N_

TABLES = "database/tables.json"
PIECE = 2**20
LEAVING = 2.0  # seconds
NO_TABLES = N_("This backup's list of tables cannot be read.")
NOT_ALONE = N_(
    "%(number)s other connections use this database; stop crmlite on all machines first."
)
UNKNOWN_TABLE = N_("This backup has a table %(name)s that this crmlite does not know.")

COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER'
AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position
"""
SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""
SET_SEQUENCE = "SELECT setval(to_regclass(quote_ident(:name)), :value)"
REFERENCES = """
SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid
WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@contextmanager
def copied(config: Config, folder: Path) -> Iterator[tuple[dict[str, Path], Connection]]:
    """A copy of the book as of one moment, as files in `folder`, and a connection to look at it."""
    with _engine(config) as engine, engine.connect() as plain:
        connection = plain.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        columns: dict[str, list[str]] = {}
        for table, column in connection.execute(text(COLUMNS)):
            columns.setdefault(table, []).append(column)
        parts = {}
        for table, names in columns.items():
            path = parts[f"database/{table}.copy"] = folder / f"{table}.copy"
            _copy_out(connection, table, names, path)
        sequences = {name: value for name, value in connection.execute(text(SEQUENCES))}  # noqa: C416
        parts[TABLES] = folder / "tables.json"
        parts[TABLES].write_text(json.dumps({"columns": columns, "sequences": sequences}))
        yield parts, connection


class Scratch:
    """A book out of a backup, in a schema of its own beside the one in use."""

    def __init__(self, config: Config, _folder: Path) -> None:
        self._config = config
        self._schema = f"restore_{secrets.token_hex(6)}"

    def fill(self, parts: Mapping[str, Path], schema: str) -> None:
        """Make the tables as they were, and copy the rows in."""
        with _engine(self._config) as engine, _changing(engine) as connection:
            connection.execute(text(f"CREATE SCHEMA {self._schema}"))
        from alembic import command  # heavy, and seldom needed

        with self.engine() as engine, _changing(engine) as connection:
            command.upgrade(migrate.config(connection), schema)
            references = connection.execute(text(REFERENCES)).all()
            for table, name, _definition in references:
                connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'))
            self._copy_in(connection, parts)
            for table, name, definition in references:  # checks every row
                connection.execute(
                    text(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
                )

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An engine for the book."""
        with _engine(self._config, self._schema) as engine:
            yield engine

    def moves(self, _aside: Path) -> Iterator[tuple[Path, Path]]:
        """No file is moved."""
        yield from ()

    def swap(self, name: str) -> str:
        """Give the book in use another name and this one its name, both or neither; answers how
        the old one is called now. Raises BackupUnusable while others are connected."""
        with _engine(self._config) as engine, _changing(engine) as connection:
            if number := _others(connection):
                raise BackupUnusable(NOT_ALONE, number=number)
            live = connection.execute(text("SELECT current_schema()")).scalar_one()
            old = name.replace(".", "_").replace("-", "_").lower()
            connection.execute(text(f'ALTER SCHEMA "{live}" RENAME TO "{old}"'))
            connection.execute(text(f'ALTER SCHEMA {self._schema} RENAME TO "{live}"'))
        return old

    def discard(self) -> None:
        """Remove what was made."""
        with _engine(self._config) as engine, _changing(engine) as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE"))

    def _copy_in(self, connection: Connection, parts: Mapping[str, Path]) -> None:
        columns, sequences = _tables(parts[TABLES])
        known: dict[str, set[str]] = {}
        for table, column in connection.execute(text(COLUMNS)):
            known.setdefault(table, set()).add(column)
        every = ", ".join(_quoted(connection, *known))
        connection.execute(text(f"TRUNCATE {every}"))  # what migrations put in is in the copy too
        for table, names in columns.items():
            if not set(names) <= known.get(table, set()):
                raise BackupUnusable(UNKNOWN_TABLE, name=table)
            _copy_in(connection, table, names, parts[f"database/{table}.copy"])
        for name, value in sequences.items():
            params = {"name": name, "value": value}
            if connection.execute(text(SET_SEQUENCE), params).scalar() is None:
                raise BackupUnusable(UNKNOWN_TABLE, name=name)


def _others(connection: Connection) -> int:
    """How many others are connected. One who has just left is there for a moment longer."""
    until = time.monotonic() + LEAVING
    while number := int(connection.execute(text(OTHERS)).scalar_one()):
        if time.monotonic() > until:
            break
        time.sleep(0.05)
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
    return number


def _tables(path: Path) -> tuple[dict[str, list[str]], dict[str, int]]:
    """The columns of each table and the last numbers of the sequences."""
    try:
        told = json.loads(path.read_bytes())
        return dict(told["columns"]), dict(told["sequences"])
    except (ValueError, TypeError, KeyError):
        raise BackupUnusable(NO_TABLES) from None


def _copy_out(connection: Connection, table: str, names: list[str], path: Path) -> None:
    statement = f"COPY {_columns(connection, table, names)} TO STDOUT"
    with path.open("xb") as file, _copying(connection, statement) as rows:
        for data in rows:
            file.write(data)


def _copy_in(connection: Connection, table: str, names: list[str], path: Path) -> None:
    statement = f"COPY {_columns(connection, table, names)} FROM STDIN"
    with path.open("rb") as file, _copying(connection, statement) as rows:
        while data := file.read(PIECE):
            rows.write(data)


@contextmanager
def _copying(connection: Connection, statement: str) -> Iterator[Any]:
    """The driver's own way to copy; its errors come as SQLAlchemy's, like all others."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as rows:
            yield rows
    except connection.dialect.loaded_dbapi.Error as error:
        base = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, error, base) from error


def _columns(connection: Connection, table: str, names: list[str]) -> str:
    return f"{_quoted(connection, table)[0]} ({', '.join(_quoted(connection, *names))})"


def _quoted(connection: Connection, *names: str) -> list[str]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    return [quote(name) for name in names]


@contextmanager
def _engine(config: Config, schema: str = "") -> Iterator[Engine]:
    """An engine that keeps no connection open, for one schema if one is named."""
    options = engine_options(config.url, config.busy_seconds)
    arguments = options["connect_args"]
    if schema:
        arguments["options"] += f" -c search_path={schema}"
    engine = create_engine(config.url, poolclass=NullPool, connect_args=arguments)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as plain:
        connection = plain.execution_options(**{WRITE: True})
        with connection.begin():
            yield connection
