"""How crmlite talks to its database: SQLite made safe for several processes, or PostgreSQL."""

import importlib
import sqlite3
import time
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

WRITE = "crmlite_write"  # execution option of a connection that is about to write
PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "journal_size_limit=67108864",
)
SERIALISATION = {"40001", "40P01", "55P03"}
UNIQUE_VIOLATION = "23505"
# out of reach, rolled back for others, out of room, called off, of its machine; locked, forbidden
REFUSALS = ("08", "40", "53", "57", "58", "55P03", "42501")
SQLITE_REFUSALS = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
PRIMARY = 0xFF  # SQLite tells more in the bits above


def sqlite_module() -> ModuleType:
    """pysqlite3 where it is installed, which carries a newer SQLite, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def has_wal_bug(version: tuple[int, ...]) -> bool:
    """Whether a SQLite can damage a database in WAL mode (the reset bug, fixed in 3.51.3)."""
    fixed = version >= (3, 51, 3) or (version[:2] == (3, 50) and version >= (3, 50, 7))
    return not (fixed or (version[:2] == (3, 44) and version >= (3, 44, 6)))


def journal_mode() -> str:
    """`WAL`, or `TRUNCATE` when the SQLite at hand is not safe in WAL mode."""
    version = sqlite_module().sqlite_version_info
    return "TRUNCATE" if has_wal_bug(version) else "WAL"


def engine_options(url: str, busy_seconds: float) -> dict[str, Any]:
    """What `create_engine` needs besides the address."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"module": sqlite_module(), "connect_args": {"timeout": busy_seconds}}
    return {
        "pool_pre_ping": True,
        "pool_size": 10,
        "connect_args": {
            "connect_timeout": 10,
            "client_encoding": "utf8",  # else a database of another encoding answers in bytes
            "options": f"-c lock_timeout={int(busy_seconds * 1000)} -c timezone=UTC",
        },
    }


def prepare(engine: Engine, busy_seconds: float) -> None:
    """Make every connection of an engine safe, and let writers begin as writers."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, busy_seconds)


def _prepare_sqlite(engine: Engine, busy_seconds: float) -> None:
    mode = journal_mode()

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin on its own
        # its own folds A to Z only, PostgreSQL's every letter
        connection.create_function("lower", 1, _lower, deterministic=True)
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        _set_journal_mode(connection, mode, busy_seconds)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_journal_mode(connection: Any, mode: str, busy_seconds: float) -> None:
    """Set it, in a new file against others that do the same: for this SQLite waits for nobody."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode={mode}")
        except sqlite_module().OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def write_options(engine: Engine) -> dict[str, Any]:
    """Execution options of a transaction that writes."""
    if engine.dialect.name == "sqlite":
        return {WRITE: True}
    return {WRITE: True, "isolation_level": "REPEATABLE READ"}


def is_busy(error: BaseException) -> bool:
    """Whether trying again may help: somebody else was writing."""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in SERIALISATION:
        return True
    text = str(error.orig)
    return "database is locked" in text or "database table is locked" in text


def is_twin(error: BaseException) -> bool:
    """Whether a row of this key is there already."""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION:
        return True
    return "UNIQUE constraint failed" in str(error.orig)


def is_full(error: BaseException) -> bool:
    """Whether there was no room to write."""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in {"53100", "53200"}:
        return True
    return "disk is full" in str(error.orig) or "disk I/O error" in str(error.orig)


def is_refused(error: BaseException) -> bool:
    """Whether the database did not do its work, whatever it was given: busy, full, out of reach, or
    without the right to it. A statement that does not fit what is there is none of that."""
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & PRIMARY in SQLITE_REFUSALS
    if not hasattr(error.orig, "sqlstate"):
        return False
    state = error.orig.sqlstate
    lost = state is None and isinstance(error, OperationalError)
    return lost or (state or "").startswith(REFUSALS)


def is_damaged(error: BaseException) -> bool:
    """Whether SQLite found that its file is not what it wrote."""
    text = str(getattr(error, "orig", error))
    return "disk image is malformed" in text or "file is not a database" in text
