"""The schema and its history: whether a database fits this crmlite, and bringing it up to date."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    MetaData,
    NullPool,
    column,
    create_engine,
    insert,
    inspect,
    table,
    text,
)

import crmlite
from crmlite import clock
from crmlite.db.columns import UTCDateTime
from crmlite.db.derived import BY_ROWS, REGISTERED, ensure_derived_schema, existing
from crmlite.db.engines import WRITE, engine_options, prepare

if TYPE_CHECKING:
    from alembic.config import Config

    from crmlite.db.keyring import KeyRing

VERSION_TABLE = "alembic_version"
SETTLING = "settle-upgrade"  # crmlite/setup/settling.py
ADVISORY_LOCK = 7_246_583_001  # PostgreSQL's lock of the one who changes the schema
REVISION = re.compile(r"^(down_revision|revision)\b[^=]*= *(?:[\"'](\w+)[\"']|None)", re.MULTILINE)
JOBS = table(  # as every schema has them
    "job",
    *(column(name) for name in ("kind", "state", "attempts")),
    *(column(name, UTCDateTime()) for name in ("run_at", "created_at")),
    column("payload", JSON()),
)


class Standing(Enum):
    """How a database stands to this version of crmlite."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    FOREIGN = "foreign"


class ReferencesBroken(Exception):
    """A migration left rows that point to nothing; it was taken back."""


def folder() -> Path:
    """Where the migrations are: beside the package in a checkout, inside it in a wheel."""
    package = Path(crmlite.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def history() -> dict[str, str | None]:
    """Every revision there is with the one before it, read without the weight of Alembic."""
    found = {}
    for path in sorted(folder().joinpath("versions").glob("*.py")):
        named = dict(REVISION.findall(path.read_text("utf-8")))
        found[named["revision"]] = named.get("down_revision") or None
    return found


def head() -> str:
    """The newest revision."""
    known = history()
    (newest,) = known.keys() - set(known.values())
    return newest


def revision(connection: Connection) -> str | None:
    """The revision of a database; None when crmlite never made a schema in it."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return None if found is None else str(found)


def standing(connection: Connection) -> Standing:
    """How a database stands to this version of crmlite."""
    found = revision(connection)
    if found is None:
        others = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
        return Standing.FOREIGN if others else Standing.EMPTY
    if found == head():
        return Standing.CURRENT
    return Standing.BEHIND if found in history() else Standing.AHEAD


@contextmanager
def passing_engine(url: str, busy_seconds: float) -> Iterator[Engine]:
    """An engine that keeps no connection open; for looking at a database before any fork."""
    engine = create_engine(url, poolclass=NullPool, **_without_pool(url, busy_seconds))
    prepare(engine, busy_seconds)
    try:
        yield engine
    finally:
        engine.dispose()


def _without_pool(url: str, busy_seconds: float) -> dict[str, Any]:
    options = engine_options(url, busy_seconds)
    return {name: value for name, value in options.items() if not name.startswith("pool")}


def upgrade(engine: Engine, to: str = "head", *, keys: "KeyRing | None" = None) -> bool:
    """Bring a database up to date, whole or not at all; whether there was anything to do.

    Whoever comes second waits and finds it done. Also makes what is missing of the derived schema,
    and leaves what is to be done in a book afterwards to the work called SETTLING. `keys` are those
    of the book, where they are not the application's.
    """
    with _alone(engine) as connection:
        found = standing(connection)
        if found is not Standing.CURRENT:
            from alembic import command

            _drop_triggers(connection)
            settings = config(connection)
            settings.attributes["keys"] = keys
            command.upgrade(settings, to)
            _tell_running(connection)
            if found is Standing.BEHIND:
                _have_settled(connection)
        ensure_derived_schema(connection)
    return found is not Standing.CURRENT


def downgrade(engine: Engine, to: str = "base") -> None:
    """Take migrations back, down to a revision."""
    from alembic import command

    with _alone(engine) as connection:
        _drop_triggers(connection)
        command.downgrade(config(connection), to)


def stamp(connection: Connection) -> None:
    """Note that a schema made from the models is the newest one."""
    from alembic import command

    command.stamp(config(connection), "head")


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """What the database has otherwise than the models say; derived things left out."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    options = {"compare_type": True, "include_object": is_from_models}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def is_from_models(
    _thing: Any, name: str | None, _kind: str, _reflected: bool, _compared: Any
) -> bool:
    """Whether Alembic should look at it: derived tables, with the tables that SQLite's full-text
    search keeps beside them, and derived indexes are made elsewhere."""
    return not str(name).startswith(tuple(BY_ROWS)) and not any(
        name == derived or str(name).startswith(f"{derived}_") for derived in _derived_names()
    )


def _derived_names() -> list[str]:
    return [thing.name for thing in REGISTERED.values() if thing.kind in ("table", "index")]


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction in which nobody else changes the schema."""
    with engine.connect() as raw:
        lite = raw.dialect.name == "sqlite"
        if lite:
            _set_foreign_keys(raw, "OFF")  # rebuilding a table must not delete what points to it
        try:
            connection = raw.execution_options(**{WRITE: True})
            with connection.begin():
                if not lite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
                yield connection
                if lite:
                    _check_references(connection)
        finally:
            if lite:
                _set_foreign_keys(raw, "ON")


def _drop_triggers(connection: Connection) -> None:
    """Triggers stand in a migration's way: they refuse to change what is written once, and
    PostgreSQL alters no column that one names. They are made again with the derived schema."""
    there = existing(connection)
    for thing in REGISTERED.values():
        if thing.kind == "trigger" and thing.name in there:
            on = f' ON "{thing.on}"' if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f'DROP TRIGGER "{thing.name}"{on}'))


def _set_foreign_keys(connection: Connection, state: str) -> None:
    """Straight to the driver: inside a transaction SQLite ignores it."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise ReferencesBroken(f"rows of {broken[0]} point to {broken[2]} that are not there")


def _tell_running(connection: Connection) -> None:
    """Let processes of an older crmlite that are still serving notice that the schema moved on."""
    if inspect(connection).has_table("epoch"):
        connection.execute(text("UPDATE epoch SET number = number + 1"))


def _have_settled(connection: Connection) -> None:
    """Ask for the work that an upgrade leaves, in the transaction of the upgrade."""
    if not inspect(connection).has_table("job"):
        return
    now = clock.now()
    row = {"kind": SETTLING, "payload": {}, "state": "ready", "attempts": 0}
    connection.execute(insert(JOBS).values(**row, run_at=now, created_at=now))


def config(connection: Connection) -> "Config":
    """What Alembic needs to know to work on a connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
