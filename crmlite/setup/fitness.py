"""Whether the book in the database and this version of crmlite fit together, in sentences."""

import os
import pwd
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.engines import is_full
from crmlite.db.keyring import KeyRing
from crmlite.db.migrate import Standing


def place_of(config: Config) -> str:
    """Where the book is, in words."""
    return str(config.instance) if config.is_sqlite else "the database"


class Unfit(Exception):
    """The book cannot be used as it is; the message says why and what to do."""


class NotStarted(Unfit):
    """There is no book yet."""

    def __init__(self, config: Config) -> None:
        super().__init__(
            f"There is no book in {place_of(config)} yet. Start one with: crmlite init"
        )


class Behind(Unfit):
    """An older crmlite made the schema."""

    def __init__(self) -> None:
        super().__init__("This book is from an older crmlite. Bring it up to date: crmlite upgrade")


class Ahead(Unfit):
    """A newer crmlite made the schema."""

    def __init__(self) -> None:
        super().__init__(
            "This book was written by a newer crmlite, which this one must not touch. "
            "Install that version again, or restore a backup made before it."
        )


class Foreign(Unfit):
    """The database holds something else."""

    def __init__(self) -> None:
        super().__init__(
            "The database holds tables that are not crmlite's. Choose an empty one in "
            "CRMLITE_DATABASE_URL or config.toml."
        )


class WrongEncoding(Unfit):
    """The database cannot hold every letter that people type."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The database has the encoding {found}, and crmlite needs UTF8. Make another one: "
            "createdb --encoding UTF8 --template template0 --owner USER NAME"
        )


class NotOurs(Unfit):
    """The instance is another account's."""

    def __init__(self, folder: Path, owner: str) -> None:
        super().__init__(
            f"{folder} belongs to the account {owner}, and what another one writes there it could "
            f"not read. Run this as that account: sudo -u {owner} …"
        )


class Unreachable(Unfit):
    """The database does not answer, or is damaged."""

    def __init__(self, reason: str, is_file: bool) -> None:
        hint = " If it is damaged, restore a backup: crmlite restore FILE" if is_file else ""
        super().__init__(f"The database cannot be used: {reason}.{hint}")


def require_owner(folder: Path) -> None:
    """Raise NotOurs when an instance is there and belongs to another account: root is kept from
    leaving files in it that crmlite cannot open afterwards."""
    try:
        owner = folder.stat().st_uid
    except OSError:
        return  # not there yet; whatever else it is will be said when it is used
    is_root = not os.geteuid()
    if owner != os.geteuid() and (is_root or not os.access(folder, os.R_OK | os.W_OK | os.X_OK)):
        raise NotOurs(folder, _name_of(owner))


def _name_of(account: int) -> str:
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return f"#{account}"  # as sudo takes it


def require_fit(config: Config) -> None:
    """Do nothing when the book can be used as it is; raises one of Unfit else, or KeysMissing or
    KeysDamaged.

    Opens a connection of its own and closes it; makes no file where there is none.
    """
    if config.is_sqlite and not config.database_file.exists():
        raise NotStarted(config)
    try:
        with (
            migrate.passing_engine(config.url, config.busy_seconds) as engine,
            engine.connect() as connection,
        ):
            _check(connection, config)
    except DatabaseError as error:
        if is_full(error):
            raise
        reason = str(error.orig).strip().partition("\n")[0]
        raise Unreachable(reason, config.is_sqlite) from error
    KeyRing.load(config.keys_file)


def require_encoding(connection: Connection) -> None:
    """Raise WrongEncoding for a database of PostgreSQL that cannot hold every letter."""
    if connection.dialect.name == "postgresql":
        found = str(connection.execute(text("SHOW server_encoding")).scalar_one())
        if found != "UTF8":
            raise WrongEncoding(found)


def _check(connection: Connection, config: Config) -> None:
    require_encoding(connection)
    standing = migrate.standing(connection)
    match standing:
        case Standing.AHEAD:
            raise Ahead
        case Standing.FOREIGN:
            raise Foreign
    if not is_started(connection):
        raise NotStarted(config)
    if standing is Standing.BEHIND:
        raise Behind


def is_started(connection: Connection) -> bool:
    """Whether the first operation of a book was committed: all that `init` makes is there."""
    if migrate.revision(connection) is None:
        return False
    return connection.execute(text("SELECT number FROM epoch")).first() is not None
