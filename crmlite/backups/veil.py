"""The veil over an encrypted backup: files of any size, unreadable and unalterable without the keys.

A file is compressed and sealed piece by piece. Each piece knows its number and whether it is the
last, so none can be left out, doubled or moved.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crmlite.backups.refusal import BackupUnusable
from crmlite.wording import N_

PIECE = 2**20
LENGTH = 4  # bytes that tell how long the sealed piece is
TAG = 16
ALTERED = N_("The encrypted part %(name)s of this backup was altered.")


class Readable(Protocol):
    """Something to read bytes from."""

    def read(self, length: int, /) -> bytes:
        """The next bytes; none at the end."""


class Veil:
    """Seals and opens the parts of one backup; `salt` makes its keys its own."""

    def __init__(self, secret: bytes, salt: str) -> None:
        self._secret = secret
        self._salt = salt

    def cover(self, name: str, source: Readable) -> Iterator[bytes]:
        """The sealed form of a file."""
        cipher = self._cipher(name)
        number, waiting = 0, b""
        for piece in _deflated(source):
            if waiting:
                yield _sealed(cipher, number, waiting, last=False)
                number += 1
            waiting = piece
        yield _sealed(cipher, number, waiting, last=True)

    def uncover(self, name: str, stored: Readable) -> Iterator[bytes]:
        """The file again. Raises BackupUnusable when it is not whole."""
        cipher, inflater = self._cipher(name), zlib.decompressobj()
        number, last = 0, False
        try:
            while not last:
                length = int.from_bytes(_exactly(stored, LENGTH))
                if length > 2 * PIECE:
                    raise ValueError
                sealed = _exactly(stored, length)
                opened = cipher.decrypt(_nonce(number), sealed, None)
                last, number = opened[:1] == b"\1", number + 1
                yield from _inflated(inflater, opened[1:])
            if stored.read(1) or not inflater.eof:
                raise ValueError
        except (InvalidTag, ValueError, zlib.error):
            raise BackupUnusable(ALTERED, name=name) from None

    def _cipher(self, name: str) -> AESGCM:
        info = f"crmlite backup {self._salt} {name}".encode()
        return AESGCM(HKDF(hashes.SHA256(), 32, None, info).derive(self._secret))


def _deflated(source: Readable) -> Iterator[bytes]:
    deflater = zlib.compressobj(6)
    while piece := source.read(PIECE):
        if packed := deflater.compress(piece):
            yield packed
    yield deflater.flush()


def _inflated(inflater: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    """In pieces, so that no small part unpacks into more than memory holds."""
    yield inflater.decompress(packed, PIECE)
    while inflater.unconsumed_tail:
        yield inflater.decompress(inflater.unconsumed_tail, PIECE)


def _sealed(cipher: AESGCM, number: int, piece: bytes, *, last: bool) -> bytes:
    body = cipher.encrypt(_nonce(number), (b"\1" if last else b"\0") + piece, None)
    return len(body).to_bytes(LENGTH) + body


def _nonce(number: int) -> bytes:
    """A count is safe: each part of each backup has a key of its own."""
    return number.to_bytes(12)


def _exactly(stored: Readable, length: int) -> bytes:
    found = stored.read(length)
    if len(found) != length:
        raise ValueError
    return found
