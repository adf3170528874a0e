"""The file that a backup is: a zip archive in which nothing can be changed unnoticed.

Its last 64 characters are the check sum of all before them. `manifest.json` has the check sum of
each part, and `manifest.mac` proves it with a secret of the key ring: whoever forges a backup would
need the keys that it protects.
"""

import hashlib
import hmac
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from crmlite.backups.manifest import Manifest, Member
from crmlite.backups.refusal import BackupUnusable
from crmlite.backups.veil import Readable, Veil
from crmlite.db.keyring import KeyRing
from crmlite.files import keeping
from crmlite.wording import N_

MANIFEST = "manifest.json"
PROOF = "manifest.mac"
KEYS = "keys.json"
CONFIG = "config.toml"
OPEN = (MANIFEST, PROOF, KEYS)  # never encrypted: they are what opens the rest
BOOK = "database/"  # the book itself
FILES = f"{keeping.FOLDER}/"  # what people attached, each sealed as it lies in the instance
NAMES = re.compile(
    r"manifest\.(json|mac)|keys\.json|config\.toml|database/\w{1,120}\.(db|copy|json)"
    r"|attachments/[\w-]{16}",
    re.ASCII,
)
MARK = b"crmlite backup, sha256 of all before: "
SUM = 64
PIECE = 2**20
LARGEST = {MANIFEST: 2**26, PROOF: SUM, KEYS: 2**18, CONFIG: 2**18}
HARMLESS = 2**26  # bytes that may be packed as tightly as they like
TIGHTEST = 150  # a book packs to a fifth or so of its size, a bomb to a thousandth
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError),
)

NOT_OURS = N_("This file is not a backup of crmlite, or its end is missing.")
DAMAGED = N_("This backup is damaged: its check sum does not match. Use another copy of it.")
ODD_PART = N_("This backup holds something that crmlite never puts in: %(name)s.")
PART_MISSING = N_("This backup is not whole: %(name)s is missing.")
PART_DAMAGED = N_("The part %(name)s of this backup is damaged.")
BOMB = N_("This backup would unpack to %(size)s MB, which no book does that packs so small.")
FORGED = N_("This backup's list of contents does not belong to its keys.")


class Archive:
    """A backup that is whole and well-formed. What it holds may be believed after `prove`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = _well_formed(file)
        self.manifest = Manifest.read(self._read(MANIFEST))
        there = set(self._zip.namelist()) - {MANIFEST, PROOF}
        for name in sorted(there ^ set(self.manifest.members)):
            raise BackupUnusable(ODD_PART if name in there else PART_MISSING, name=repr(name[:80]))

    @property
    def wrapped_keys(self) -> bytes:
        """The key ring, which only the recovery code opens."""
        return self._read(KEYS)

    def prove(self, ring: KeyRing) -> None:
        """Raise BackupUnusable unless this very list of contents was written with these keys."""
        wanted = proof(ring, self._read(MANIFEST))
        if not hmac.compare_digest(wanted, self._read(PROOF)):
            raise BackupUnusable(FORGED)

    def unpack(self, folder: Path, ring: KeyRing, book: Path) -> dict[str, Path]:
        """Put the parts into an empty folder, and the book into one that may be another; answers where
        each part lies.

        Raises BackupUnusable at the first that is not what the list of contents says.
        """
        veil = self._veil(ring)
        placed = {}
        for name, member in self.manifest.members.items():
            if name not in OPEN:
                placed[name] = _place(book if name.startswith(BOOK) else folder, name)
                placed[name].parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with placed[name].open("xb") as file:
                    self._unpack(name, member, veil, file.write)
        return placed

    def read_through(self, ring: KeyRing) -> None:
        """Read every part once, keeping nothing. Raises as `unpack` does."""
        veil = self._veil(ring)
        for name, member in self.manifest.members.items():
            self._unpack(name, member, veil if name not in OPEN else None, len)

    def _veil(self, ring: KeyRing) -> Veil | None:
        salt = self.manifest.salt
        return Veil(ring.secret("backup"), salt) if salt else None

    def _unpack(
        self, name: str, member: Member, veil: Veil | None, sink: Callable[[bytes], object]
    ) -> None:
        unpacked = 0
        try:
            with self._zip.open(name) as stored:
                checked = Checked(stored)
                for piece in veil.uncover(name, checked) if veil else pieces(checked):
                    unpacked += len(piece)
                    if unpacked > member.unpacked:
                        break
                    sink(piece)
        except UNREADABLE:
            raise BackupUnusable(PART_DAMAGED, name=name) from None
        if Member(checked.digest.hexdigest(), checked.size, unpacked) != member:
            raise BackupUnusable(PART_DAMAGED, name=name)

    def _read(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except KeyError:
            raise BackupUnusable(PART_MISSING, name=name) from None
        except UNREADABLE:
            raise BackupUnusable(PART_DAMAGED, name=name) from None


def _place(folder: Path, name: str) -> Path:
    """Where a part is put: attached files as they lie in an instance, the others side by side."""
    last = name.rpartition("/")[2]
    if name.startswith(FILES):
        return keeping.place_in(folder / keeping.FOLDER, last)
    return folder / last


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup, after all that can be checked without its keys. Raises BackupUnusable."""
    with path.open("rb") as file:
        yield Archive(file)


def is_marked(path: Path) -> bool:
    """Whether a file ends like a backup of crmlite, whatever became of its inside."""
    with path.open("rb") as file:
        return _tail(file).startswith(MARK)


class Checked:
    """A file that is read once, and the check sum and size of what was read of it."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.digest, self.size = hashlib.sha256(), 0

    def read(self, length: int, /) -> bytes:
        """The next bytes."""
        found = self._file.read(length)
        self.digest.update(found)
        self.size += len(found)
        return found


def pieces(file: Readable) -> Iterator[bytes]:
    """A file, a piece at a time."""
    while piece := file.read(PIECE):
        yield piece


def proof(ring: KeyRing, manifest: bytes) -> bytes:
    """What shows that a list of contents was written by somebody who has the keys."""
    return hmac.digest(ring.secret("backup manifest"), manifest, "sha256").hex().encode()


def sum_of(file: IO[bytes]) -> bytes:
    """The check sum of all but the last 64 bytes."""
    length = file.seek(0, os.SEEK_END) - SUM
    file.seek(0)
    digest = hashlib.sha256()
    while length > 0 and (piece := file.read(min(PIECE, length))):
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest().encode()


def _tail(file: IO[bytes]) -> bytes:
    """The mark and the check sum."""
    file.seek(max(file.seek(0, os.SEEK_END) - SUM - len(MARK), 0))
    return file.read()


def _well_formed(file: IO[bytes]) -> zipfile.ZipFile:
    tail = _tail(file)
    length = file.tell()
    if not tail.startswith(MARK):
        raise BackupUnusable(NOT_OURS)
    if sum_of(file) != tail[-SUM:]:
        raise BackupUnusable(DAMAGED)
    try:
        found = zipfile.ZipFile(file)
    except UNREADABLE:
        raise BackupUnusable(NOT_OURS) from None
    _check_entries(found.infolist(), length)
    return found


def _check_entries(entries: list[zipfile.ZipInfo], length: int) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        regular = stat.S_ISREG(entry.external_attr >> 16)
        packed = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        small = entry.file_size <= LARGEST.get(name, entry.file_size)
        known = NAMES.fullmatch(name) and entry.orig_filename == name and name not in seen
        if not (known and regular and packed and small) or entry.flag_bits & 1:
            raise BackupUnusable(ODD_PART, name=repr(entry.orig_filename[:80]))
        seen.add(name)
    whole = sum(entry.file_size for entry in entries)
    if whole > HARMLESS and whole > TIGHTEST * length:
        raise BackupUnusable(BOMB, size=whole // 2**20)
