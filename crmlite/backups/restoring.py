"""Restoring: the book of a backup takes the place of the one there is, which is kept aside."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crmlite.backups import archive, places, scratch
from crmlite.backups.manifest import Manifest
from crmlite.backups.scratch import Unpacked
from crmlite.config import Config
from crmlite.db import durable
from crmlite.db.instance_lock import alone
from crmlite.db.keyring import unwrap_ring
from crmlite.files import keeping


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where what was there before lies now (None: there was nothing);
    `kept_book` is where the database lies, if that is elsewhere."""

    manifest: Manifest
    kept: Path | None
    kept_book: Path | None
    kept_schema: str


def restore(config: Config, path: Path, ask_code: Callable[[], str], *, at: datetime) -> Restored:
    """Put the book of a backup in place of the one in the instance, if there is one.

    Everything is checked before anything is replaced: the file, the code, the book inside. Raises
    InstanceInUse, BackupUnusable, WrongCode or KeysDamaged, having changed nothing.
    """
    with alone(config), archive.opened(path) as packed:
        scratch.check_fit(config, packed.manifest)
        ring = unwrap_ring(packed.wrapped_keys, ask_code())
        with scratch.unpacked(config, packed, ring, at) as found:
            return _put_in_place(config, found, at)


def rehearse(config: Config, path: Path, ask_code: Callable[[], str], *, at: datetime) -> Manifest:
    """Do all that a restore does but for the last step, beside the book in use; answers what is in
    the backup. Raises BackupUnusable, WrongCode or KeysDamaged when it could not be restored."""
    with archive.opened(path) as packed:
        scratch.check_fit(config, packed.manifest)
        ring = unwrap_ring(packed.wrapped_keys, ask_code())
        with scratch.unpacked(config, packed, ring, at) as found:
            return found.manifest


def _put_in_place(config: Config, found: Unpacked, at: datetime) -> Restored:
    """Exchange the books by renaming.

    The old keys go first and the new ones come last: whoever is interrupted in between finds no
    keys, and a program that refuses to start, never one book with the keys of another.
    """
    name = f"data.before-restore-{places.stamp(at)}"
    new_keys = found.folder / "keys.json"
    found.ring.save(new_keys)
    aside, book_aside = config.instance / name, places.beside_book(config) / name
    moves = _Moves()
    try:
        for old in (config.keys_file, config.secret_file):
            if old.exists():
                moves.move(old, aside / old.name)
        _exchange_files(moves, keeping.folder(config), found.folder / keeping.FOLDER, aside)
        for old, new in found.book.moves(book_aside):
            moves.move(old, new)
        kept_schema = found.book.swap(name)
        if kept_schema:
            moves.forget()  # PostgreSQL has committed: the old keys must not come back
        moves.move(new_keys, config.keys_file)
    except BaseException:
        moves.take_back()
        for folder in {aside, book_aside}:
            with suppress(OSError):  # what could not be taken back stays in it
                folder.rmdir()
        raise
    _keep_settings(config, found)
    kept = aside if _holds_a_book(config, aside) else None
    kept_book = book_aside if book_aside != aside and book_aside.exists() else None
    return Restored(found.manifest, kept, kept_book, kept_schema)


def _exchange_files(moves: "_Moves", place: Path, new: Path, aside: Path) -> None:
    """Put the attached files in place of those there, which go aside with their book."""
    if place.exists():
        moves.move(place, aside / place.name)
    if new.exists():
        moves.move(new, place)


def _holds_a_book(config: Config, aside: Path) -> bool:
    """Whether more was set aside than the secret that a folder gets before it has a book."""
    return aside.exists() and {one.name for one in aside.iterdir()} != {config.secret_file.name}


class _Moves:
    """Renamings that can be taken back."""

    def __init__(self) -> None:
        self._done: list[tuple[Path, Path]] = []

    def move(self, old: Path, new: Path) -> None:
        new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        old.rename(new)
        self._done.append((old, new))
        durable.sync_folder(new.parent)
        durable.sync_folder(old.parent)

    def forget(self) -> None:
        self._done.clear()

    def take_back(self) -> None:
        for old, new in reversed(self._done):
            new.rename(old)


def _keep_settings(config: Config, found: Unpacked) -> None:
    """On a new machine take the settings over as well; a file that is there stays as it is."""
    if found.config_file is not None and (content := found.config_file.read_bytes()):
        with suppress(FileExistsError):
            durable.create(config.instance / "config.toml", content)
