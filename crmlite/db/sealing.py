"""Sealed values: text that is unreadable in the database and opens only in its own place."""

import base64
import hmac
import os
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from crmlite.db.keyring import KeyRing, UnknownKey

VERSION = "v1"
NONCE = 12
HASH_BYTES = 15  # 24 letters and digits, no padding; a chance hit needs 2**60 values
# Base 32 in small letters, two of them at a time.
DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = [one + two for one in DIGITS for two in DIGITS]
SHIFTS = range(HASH_BYTES * 8 - 10, -1, -10)


class SealBroken(Exception):
    """A stored value does not open: moved from another row or column, altered, or a foreign key."""


class Place(NamedTuple):
    """Where a value lives; it opens nowhere else."""

    table: str
    column: str
    uid: str


def seal(ring: KeyRing, text: str, place: tuple[str, str, str]) -> str:
    """`text` as it may be stored: `v1.<key id>.<nonce and ciphertext>`, different every time."""
    key_id = ring.active
    nonce = os.urandom(NONCE)
    body = ring.cipher(key_id).encrypt(nonce, text.encode(), _bound(key_id, place))
    return f"{VERSION}.{key_id}.{_encoded(nonce + body)}"


def open_sealed(ring: KeyRing, stored: str, place: tuple[str, str, str]) -> str:
    """The text that was sealed. Raises SealBroken unless it is whole and in its own place."""
    try:
        version, key_id, body = stored.split(".")
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if version != VERSION or _encoded(raw) != body:
            raise SealBroken(_broken(place, "it is not a sealed value"))
        opened = ring.cipher(key_id).decrypt(raw[:NONCE], raw[NONCE:], _bound(key_id, place))
    except UnknownKey:
        raise SealBroken(_broken(place, f"the key ring has no key {key_id}")) from None
    except (InvalidTag, OverflowError):
        raise SealBroken(_broken(place, "it was altered, or belongs elsewhere")) from None
    except ValueError:
        raise SealBroken(_broken(place, "it is not a sealed value")) from None
    return opened.decode()


def reseal(ring: KeyRing, stored: str, place: tuple[str, str, str]) -> str:
    """The same value under the active key; unchanged when it already is. Raises SealBroken."""
    if key_of(stored) == ring.active:
        return stored
    return seal(ring, open_sealed(ring, stored, place), place)


def key_of(stored: str) -> str:
    """The id of the key that sealed a value; empty when it is not a sealed one."""
    parts = stored.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == VERSION else ""


def keyed_hash(ring: KeyRing, purpose: str, normalised: str) -> str:
    """What stands for a value where equal ones must be found: 24 of a–z and 2–7.

    The same through every rotation, different per purpose (`phone`, `phone-tail`, `email`, `im`),
    and worthless without the ring. The caller normalises: +86 138… and 138… must come as one.
    """
    digest = hmac.digest(ring.secret(f"index {purpose}"), normalised.encode(), "sha256")
    number = int.from_bytes(digest[:HASH_BYTES], "big")
    return "".join([PAIRS[number >> shift & 1023] for shift in SHIFTS])


def _bound(key_id: str, place: tuple[str, str, str]) -> bytes:
    return "|".join((VERSION, key_id, *place)).encode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _broken(place: tuple[str, str, str], reason: str) -> str:
    return f"{'.'.join(place[:2])} of {place[2]} cannot be opened: {reason}."
