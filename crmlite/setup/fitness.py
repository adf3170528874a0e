"""Whether the book in the database and this version of crmlite fit together, in sentences."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.keyring import KeyRing
from crmlite.db.migrate import Standing


class Unfit(Exception):
    """The book cannot be used as it is; the message says why and what to do."""


class NotStarted(Unfit):
    """There is no book yet."""

    def __init__(self, config: Config) -> None:
        super().__init__(f"There is no book in {config.instance} yet. Start one with: crmlite init")


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


class Unreachable(Unfit):
    """The database does not answer, or is damaged."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database cannot be used: {reason}. If it is damaged, restore a backup: "
            "crmlite restore FILE"
        )


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
        raise Unreachable(str(error.orig).strip().partition("\n")[0]) from error
    KeyRing.load(config.keys_file)


def _check(connection: Connection, config: Config) -> None:
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
