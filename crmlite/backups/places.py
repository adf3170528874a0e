"""Where backups lie and what they are called."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from crmlite.backups import postgresql_book, sqlite_book
from crmlite.config import Config
from crmlite.files import workplaces

NAME = re.compile(r"crmlite-(\d{8}T\d{6}Z)\.zip", re.ASCII)
STAMP = "%Y%m%dT%H%M%SZ"
WORK = ".crmlite-work-"  # folders in which something is being made
FORGOTTEN = timedelta(days=2)


def stamp(at: datetime) -> str:
    """A moment as it stands in names of files."""
    return at.astimezone(UTC).strftime(STAMP)


def file_name(at: datetime) -> str:
    """What a backup is called."""
    return f"crmlite-{stamp(at)}.zip"


def made_at(name: str) -> datetime | None:
    """When a backup of this name was made; None for files that are called otherwise."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def files(folder: Path) -> list[Path]:
    """The backups in a folder, newest first."""
    if not folder.is_dir():
        return []
    return sorted(
        (path for path in folder.iterdir() if made_at(path.name) and path.is_file()),
        key=lambda path: path.name,
        reverse=True,
    )


def book_of(config: Config) -> ModuleType:
    """What knows how a book on this engine is copied and put in place."""
    return sqlite_book if config.is_sqlite else postgresql_book


def beside_book(config: Config) -> Path:
    """In which folder a book is unpacked that is put in place by renaming: that reaches no other file
    system than the one of the database."""
    return config.database_file.parent if config.is_sqlite else config.instance


def workplace(folder: Path, at: datetime) -> AbstractContextManager[Path]:
    """A private folder inside another, gone afterwards; removes what a crash left there before."""
    return workplaces.workplace(folder, WORK, at, forgotten=FORGOTTEN)
