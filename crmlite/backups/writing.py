"""Writing the file that a backup is; `archive.py` says what it looks like."""

import hashlib
import io
import os
import stat
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from crmlite.backups.archive import (
    FILES,
    MANIFEST,
    MARK,
    OPEN,
    PROOF,
    SUM,
    Checked,
    pieces,
    proof,
    sum_of,
)
from crmlite.backups.manifest import Manifest, Member
from crmlite.backups.veil import Readable, Veil
from crmlite.db.keyring import KeyRing


class Writer:
    """Writes a new private file; each part gets its check sum as it goes in."""

    def __init__(self, path: Path, ring: KeyRing, veil: Veil | None = None) -> None:
        self._ring, self._veil = ring, veil
        self._members: dict[str, Member] = {}
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w")

    def add(self, name: str, source: Readable) -> None:
        """Put a part in, encrypted where that is wanted and its name allows it."""
        plain = Checked(source)
        if self._veil is not None and name not in OPEN:
            parts, packing = self._veil.cover(name, plain), zipfile.ZIP_STORED
        else:
            parts = pieces(plain)
            packing = zipfile.ZIP_STORED if name.startswith(FILES) else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_entry(name, packing), "w", force_zip64=True) as target:
            for piece in parts:
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        self._members[name] = Member(digest.hexdigest(), size, plain.size)

    def finish(self, manifest: Manifest) -> Manifest:
        """Add the list of contents and the check sum of the whole, and see it onto the disk."""
        complete = replace(manifest, members=dict(self._members))
        written = complete.written()
        self.add(MANIFEST, io.BytesIO(written))
        self.add(PROOF, io.BytesIO(proof(self._ring, written)))
        self._zip.comment = MARK + b"0" * SUM
        self._zip.close()
        whole = sum_of(self._file)
        self._file.seek(-SUM, os.SEEK_END)
        self._file.write(whole)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return complete

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()


def _entry(name: str, packing: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = packing
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry
