"""Files that are there whole or not at all, even when the plug is pulled."""

import errno
import os
import secrets
from pathlib import Path

PRIVATE = 0o600
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def replace(path: Path, content: bytes) -> None:
    """Write a private file over what was there; readers see the old or the new one, never half."""
    written = _write_beside(path, content)
    try:
        written.replace(path)
    except OSError:
        written.unlink()
        raise
    sync_folder(path.parent)


def create(path: Path, content: bytes) -> None:
    """Write a private file that must not exist yet.

    Raises FileExistsError when somebody else was first; theirs is left as it is.
    """
    written = _write_beside(path, content)
    try:
        os.link(written, path)  # unlike a rename, this never replaces
    finally:
        written.unlink()
    sync_folder(path.parent)


def is_no_room(error: OSError) -> bool:
    """Whether a file could not be written because the disk is full."""
    return error.errno in NO_SPACE


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as lasting as the files they name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_beside(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        beside.unlink()
        raise
    return beside
