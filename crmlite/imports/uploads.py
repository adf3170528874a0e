"""The files that people bring: sealed in the instance folder, for as long as an import may need them."""

import shutil
from collections.abc import Collection
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from crmlite import clock
from crmlite.config import Config
from crmlite.db.columns import new_uid
from crmlite.db.keys import ring
from crmlite.files.sealed import open_sealed_file, write_sealed
from crmlite.files.workplaces import workplace
from crmlite.imports.sources.rows import Opener
from crmlite.imports.sources.unreadable import Unreadable

KEPT = timedelta(days=30)
DAY = 86_400  # seconds
READING = "reading-"
FORGOTTEN = timedelta(days=1)  # no import takes so long


def folder() -> Path:
    """Where they lie; made when there is none."""
    config: Config = current_app.extensions["crmlite.config"]
    place = config.instance / "uploads"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def keep(source: BinaryIO) -> tuple[str, int, str]:
    """Seal a file; answers the uid under which it lies, its bytes and their SHA-256."""
    uid = new_uid()
    size, digest = write_sealed(ring(), source, folder() / uid, uid)
    return uid, size, digest


def opener(uid: str) -> Opener:
    """Opens a file that is kept. Raises Unreadable (`file_gone`), SealBroken."""
    path, keys = folder() / uid, ring()

    def opened() -> BinaryIO:
        try:
            return open_sealed_file(keys, path, uid)
        except FileNotFoundError:
            raise Unreadable("file_gone") from None

    return opened


def is_kept(uid: str) -> bool:
    """Whether a file is still there."""
    return (folder() / uid).exists()


def discard(uid: str) -> None:
    """Let a file go."""
    with suppress(FileNotFoundError):
        (folder() / uid).unlink()


def tidy(kept: Collection[str], at: datetime) -> None:
    """Throw away what belongs to no import, once it is a day old: what a crash left behind."""
    for path in folder().iterdir():
        if path.name in kept or at.timestamp() - path.stat().st_mtime < DAY:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def scratch() -> AbstractContextManager[Path]:
    """A private folder for what is unpacked of a file; gone afterwards, whatever happens."""
    return workplace(folder(), READING, clock.now(), forgotten=FORGOTTEN)
