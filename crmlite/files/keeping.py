"""Where attached files lie: each sealed, under a name that tells nothing, in the instance folder."""

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from crmlite.config import Config
from crmlite.db.columns import new_uid
from crmlite.db.durable import is_no_room
from crmlite.db.keys import ring
from crmlite.files.sealed import open_sealed_file, write_sealed
from crmlite.work import StorageFull

FOLDER = "attachments"
DAY = 86_400  # seconds
AT_ONCE = 500


def folder(config: Config) -> Path:
    """Where the attachments of an instance lie, if it has any."""
    return config.instance / FOLDER


def place_in(where: Path, uid: str) -> Path:
    """Where a file lies below a folder of attachments."""
    return where / uid[:2] / uid


def keep(source: BinaryIO) -> tuple[str, int, str]:
    """Seal a file; answers the uid under which it lies, its bytes and their SHA-256. Raises
    StorageFull; then nothing is left of it."""
    uid = new_uid()
    path = _path(uid)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        size, digest = write_sealed(ring(), source, path, uid)
    except OSError as error:
        if is_no_room(error):
            raise StorageFull from error
        raise
    return uid, size, digest


def opened(uid: str) -> BinaryIO:
    """The bytes of a file. Raises FileNotFoundError; SealBroken, also while it is read."""
    return open_sealed_file(ring(), _path(uid), uid)


def is_kept(uid: str) -> bool:
    """Whether a file is there."""
    return _path(uid).exists()


def discard(uids: Collection[str]) -> None:
    """Let files go that nobody was told of."""
    for uid in uids:
        with suppress(FileNotFoundError):
            _path(uid).unlink()


def let_rest(uids: Collection[str], at: datetime) -> None:
    """Have files swept in a day whose rows have just gone: a backup that runs may still want them."""
    for uid in uids:
        with suppress(FileNotFoundError):
            os.utime(_path(uid), (at.timestamp(), at.timestamp()))


def sweep(known: Callable[[Collection[str]], Collection[str]], at: datetime) -> Iterator[int]:
    """Throw away what no row knows, once it is a day old: what a crash left, and what was deleted
    for good. `known` tells which of some uids have a row. Yields how many went, some at a time."""
    waiting: list[Path] = []
    for path in folder(_config()).glob("*/*"):
        with suppress(FileNotFoundError):
            if at.timestamp() - path.stat().st_mtime >= DAY:
                waiting.append(path)
        if len(waiting) == AT_ONCE:
            yield _swept(waiting, known)
            waiting = []
    yield _swept(waiting, known)


def _swept(paths: Collection[Path], known: Callable[[Collection[str]], Collection[str]]) -> int:
    kept = set(known([path.name for path in paths]))
    gone = [path for path in paths if path.name not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _path(uid: str) -> Path:
    return place_in(folder(_config()), uid)


def _config() -> Config:
    found: Config = current_app.extensions["crmlite.config"]
    return found
