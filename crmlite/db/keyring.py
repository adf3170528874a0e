"""The key ring: the secrets that make phone numbers and remarks readable, kept beside the data."""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crmlite.db import durable
from crmlite.db.recovery import RecoveryKey, WrapDamaged, WrongCode, unwrap

__all__ = [
    "KeyRing",
    "KeysDamaged",
    "KeysMissing",
    "UnknownKey",
    "WrongCode",
    "ensure_secret",
    "unwrap_ring",
]

FORMAT = 1
KEY_BYTES = 32


class KeysMissing(Exception):
    """There is no key ring where one is needed."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The key ring {path} is missing; without it encrypted fields cannot be read. "
            "Put the file back, or restore a backup with the recovery code "
            "(crmlite restore FILE). Machines that share a database share this folder, too."
        )


class KeysDamaged(Exception):
    """A file of keys is there, but not as it was written."""

    def __init__(self, path: Path | None, reason: str) -> None:
        super().__init__(
            f"The key ring {path or 'in this backup'} cannot be used: {reason}. Nothing was "
            "changed. Put back a good copy of it, or restore a backup with the recovery code "
            "(crmlite restore FILE)."
        )


class UnknownKey(Exception):
    """A value was sealed with a key that is not in this ring."""


@dataclass(frozen=True, slots=True)
class _Secrets:
    """What the file holds."""

    active: str
    keys: dict[str, bytes]
    root: bytes  # never rotated: what is derived from it must find old rows and old seals
    recovery: RecoveryKey

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Parse the file; ValueError with the reason when it is not one of ours, whole."""
        try:
            fields = json.loads(content)
            check = fields.pop("check")
            if fields["format"] != FORMAT:
                raise ValueError(f"its format {fields['format']} is unknown to this version")
            if check != _checksum(fields):
                raise ValueError("its check sum does not match")
            keys = {str(name): _key(text) for name, text in fields["keys"].items()}
            found = cls(
                active=fields["active"],
                keys=keys,
                root=_key(fields["root"]),
                recovery=RecoveryKey.read(fields["recovery"]),
            )
        except (
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            UnicodeDecodeError,
            json.JSONDecodeError,
        ):
            raise ValueError("it is not a key ring") from None
        if found.active not in found.keys:
            raise ValueError("its active key is not among its keys")
        return found

    def written(self) -> bytes:
        fields = {
            "format": FORMAT,
            "active": self.active,
            "keys": {name: _text(key) for name, key in self.keys.items()},
            "root": _text(self.root),
            "recovery": self.recovery.fields(),
        }
        return json.dumps({**fields, "check": _checksum(fields)}, indent=2).encode() + b"\n"


class KeyRing:
    """Keys by id, one of them active: the newest seals, all of them open.

    Old keys stay: the ledger keeps values as they were sealed at the time. A ring notices when
    another process rotated it, so running servers need no restart.
    """

    def __init__(self, held: _Secrets, path: Path | None = None) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._take(held)

    @classmethod
    def create(cls, path: Path) -> tuple[Self, str]:
        """Make a ring in a new file; the answer's second half is its recovery code.

        The code is kept nowhere: show it once. Raises FileExistsError rather than replace keys.
        """
        recovery, code = RecoveryKey.create()
        name = secrets.token_hex(3)
        keys = {name: os.urandom(KEY_BYTES)}
        ring = cls(_Secrets(name, keys, os.urandom(KEY_BYTES), recovery))
        ring.save(path)
        return ring, code

    @classmethod
    def load(cls, path: Path) -> Self:
        """The ring in a file. Raises KeysMissing or KeysDamaged, which say what to do."""
        return cls(_read(path), path)

    def save(self, path: Path) -> None:
        """Put a ring that has no file yet into a new one; FileExistsError when there is one."""
        durable.create(path, self._held.written())
        self.path = path

    @property
    def active(self) -> str:
        """The id of the key that seals now, in whichever process it was chosen."""
        self._refresh()
        return self._held.active

    @property
    def key_ids(self) -> tuple[str, ...]:
        """All keys, oldest first."""
        self._refresh()
        return tuple(self._held.keys)

    @property
    def fingerprint(self) -> str:
        """Names this ring without giving anything away; the same before and after a rotation."""
        return hmac.digest(self.secret("fingerprint"), b"", "sha256").hex()[:16]

    def cipher(self, key_id: str) -> AESGCM:
        """The cipher of one key. Raises UnknownKey."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            self._refresh()
            key = self._held.keys.get(key_id)
            if key is None:
                raise UnknownKey(key_id)
            cipher = self._ciphers[key_id] = AESGCM(_derived(key, f"crmlite field {key_id}"))
        return cipher

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same for the whole life of the book: `ledger`, `phone`."""
        derived = self._derived.get(purpose)
        if derived is None:
            derived = self._derived[purpose] = _derived(self._held.root, f"crmlite {purpose}")
        return derived

    def rotate(self) -> str:
        """Add a key and make it the active one; returns its id. Old values stay readable."""
        name = secrets.token_hex(3)
        with self._changing() as held:
            keys = {**held.keys, name: os.urandom(KEY_BYTES)}
            self._write(replace(held, active=name, keys=keys))
        return name

    def renew_code(self) -> str:
        """Replace a lost recovery code; backups made before still need the one of their time."""
        recovery, code = RecoveryKey.create()
        with self._changing() as held:
            self._write(replace(held, recovery=recovery))
        return code

    def wrap_ring(self) -> bytes:
        """The ring for a backup: a small text that only the recovery code opens."""
        self._refresh()
        return self._held.recovery.wrap(self._held.written())

    def _take(self, held: _Secrets) -> None:
        self._held = held
        self._seen = _stamp(self.path)
        self._ciphers: dict[str, AESGCM] = {}
        self._derived: dict[str, bytes] = {}

    def _refresh(self) -> None:
        stamp = _stamp(self.path)
        if self.path is None or stamp is None or stamp == self._seen:
            return
        with self._lock:
            held = _read(self.path)
            if held.root != self._held.root:
                raise KeysDamaged(self.path, "it was exchanged for another book's while in use")
            self._take(held)

    @contextmanager
    def _changing(self) -> Iterator[_Secrets]:
        """What the file holds, while no other process may change it."""
        if self.path is None:
            raise ValueError("a ring without a file cannot be changed")
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield _read(self.path)
        finally:
            os.close(folder)

    def _write(self, held: _Secrets) -> None:
        assert self.path is not None
        durable.replace(self.path, held.written())
        self._take(held)


def unwrap_ring(wrapped: bytes, code: str) -> KeyRing:
    """The ring inside a backup, not yet in a file.

    Raises WrongCode (MistypedCode names the group), or KeysDamaged whatever the code.
    """
    try:
        return KeyRing(_Secrets.read(unwrap(wrapped, code)))
    except WrongCode:
        raise
    except (WrapDamaged, ValueError) as error:
        raise KeysDamaged(None, "it is damaged") from error


def ensure_secret(path: Path) -> str:
    """The secret that signs cookies, made at the first start. KeysDamaged when it is too short."""
    with suppress(FileExistsError):
        durable.create(path, secrets.token_urlsafe(KEY_BYTES).encode())
    secret = path.read_text("utf-8").strip()
    if len(secret) < KEY_BYTES:
        raise KeysDamaged(path, "a secret needs 32 characters; delete it to get a new one")
    return secret


def _read(path: Path) -> _Secrets:
    try:
        return _Secrets.read(path.read_bytes())
    except FileNotFoundError:
        raise KeysMissing(path) from None
    except PermissionError:
        raise KeysDamaged(path, "this account may not read it") from None
    except (OSError, ValueError) as error:
        raise KeysDamaged(path, str(error)) from None


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """Changes whenever the file is replaced; None when there is none to look at."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None  # what is in memory still serves; the next start will tell
    return found.st_ino, found.st_mtime_ns


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, purpose.encode()).derive(key)


def _checksum(fields: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("one of its keys has the wrong length")
    return key


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
