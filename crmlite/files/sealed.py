"""Files that are unreadable where they lie, and are read and written in pieces of any number.

A piece opens only in its own file and place, and the last one says that it is: a file that was cut,
put together from two or put elsewhere is noticed before its end is believed.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crmlite.db.durable import sync_folder
from crmlite.db.keyring import KeyRing, UnknownKey
from crmlite.db.sealing import SealBroken

MARK = b"crmlite sealed 1 "
PIECE = 1 << 20  # bytes of text in each piece but the last
NONCE, TAG = 12, 16
LONGEST_HEAD = 200


def write_sealed(ring: KeyRing, source: BinaryIO, target: Path, uid: str) -> tuple[int, str]:
    """Seal what `source` still holds into a new file; answers the number of its bytes and their
    SHA-256. `uid` is the file's own, and is needed to open it. Nothing is left where that fails.
    Raises FileExistsError."""
    if target.exists():
        raise FileExistsError(target)
    digest, size = hashlib.sha256(), 0
    key_id = ring.active
    beside = target.with_name(f"{target.name}.part")
    file = beside.open("xb")
    try:
        with file:
            beside.chmod(0o600)
            file.write(MARK + key_id.encode() + b"\n")
            for place, (piece, last) in enumerate(_pieces(source)):
                digest.update(piece)
                size += len(piece)
                nonce, bound = os.urandom(NONCE), _bound(key_id, uid, place, last)
                file.write(nonce + ring.cipher(key_id).encrypt(nonce, piece, bound))
            file.flush()
            os.fsync(file.fileno())
        beside.rename(target)
        sync_folder(target.parent)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return size, digest.hexdigest()


def open_sealed_file(ring: KeyRing, path: Path, uid: str) -> BinaryIO:
    """The bytes of a sealed file, from their beginning. Raises SealBroken, also while it is read,
    where the file is not whole and in its place; FileNotFoundError."""
    return io.BufferedReader(_Opened(ring, path, uid), PIECE)


class _Opened(io.RawIOBase):
    """Reads piece by piece; a piece is handed out when it was opened whole."""

    def __init__(self, ring: KeyRing, path: Path, uid: str) -> None:
        self._file = path.open("rb")
        self._uid = uid
        try:
            self._key_id, self._cipher = self._head(ring)
        except BaseException:
            self._file.close()
            raise
        self._left = os.fstat(self._file.fileno()).st_size - self._file.tell()
        self._place = 0
        self._text = memoryview(b"")
        self._ended = False

    def _head(self, ring: KeyRing) -> tuple[str, AESGCM]:
        head = self._file.readline(LONGEST_HEAD)
        key_id = head.removeprefix(MARK).decode("ascii", "replace").rstrip("\n")
        if not head.startswith(MARK) or not head.endswith(b"\n"):
            raise self._broken("it is not a sealed file")
        try:
            return key_id, ring.cipher(key_id)
        except UnknownKey:
            raise self._broken(f"the key ring has no key {key_id}") from None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the piece at hand goes; 0 at the end."""
        while not self._text and not self._ended:
            self._text = memoryview(self._next())
        given = memoryview(buffer)
        count = min(len(given), len(self._text))
        given[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _next(self) -> bytes:
        whole = NONCE + PIECE + TAG
        self._ended = last = self._left <= whole
        raw = self._file.read(whole)
        self._left -= len(raw)
        bound = _bound(self._key_id, self._uid, self._place, last)
        self._place += 1
        try:
            return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], bound)
        except (InvalidTag, ValueError):
            raise self._broken("it was altered or cut, or belongs elsewhere") from None

    def _broken(self, reason: str) -> SealBroken:
        return SealBroken(f"file {self._uid} cannot be opened: {reason}.")


def _pieces(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Pieces of full length, and whether each is the last; an empty file is one empty piece."""
    piece = _full(source)
    while True:
        following = _full(source) if len(piece) == PIECE else b""
        yield piece, not following
        if not following:
            return
        piece = following


def _full(source: BinaryIO) -> bytes:
    """A whole piece, or what is left: a stream may hand out less than it is asked for."""
    parts, left = [], PIECE
    while left and (part := source.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _bound(key_id: str, uid: str, place: int, last: bool) -> bytes:
    return f"file|{key_id}|{uid}|{place}|{'last' if last else 'more'}".encode()
