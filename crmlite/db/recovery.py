"""The recovery code: written on paper once, it opens the keys inside a backup years later."""

import base64
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FORMAT = 1
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that reads as something else
MISREAD = str.maketrans("OIL", "011")
GROUPS = 7  # of four characters with five bits each, 140 in all, and a check character
GROUP_LENGTH = 5
SCRYPT_COST = 2**15  # 32 MiB and about 0.1 s
SCRYPT_LIMITS = (2**14, 2**18)  # a forged file must not make us fill the memory
NONCE = 12


class WrongCode(ValueError):
    """The recovery code does not open this."""


class MistypedCode(WrongCode):
    """What was typed cannot be any recovery code; the message says which group to look at."""


class WrapDamaged(ValueError):
    """The wrapped keys are not what was once written, whatever the code."""


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """The public half of a recovery code: wraps secrets that only the code opens again."""

    public: bytes
    salt: bytes
    cost: int = SCRYPT_COST

    @classmethod
    def create(cls) -> tuple[Self, str]:
        """A new key and its code, which exists nowhere but in the answer."""
        code = new_code()
        salt = os.urandom(16)
        private = _private_key(code, salt, SCRYPT_COST)
        return cls(private.public_key().public_bytes_raw(), salt), code

    @classmethod
    def read(cls, fields: dict[str, object]) -> Self:
        """The key from what `fields()` gave; ValueError when it is anything else."""
        public, salt, cost = (fields.get(name) for name in ("public", "salt", "cost"))
        if not (isinstance(public, str) and isinstance(salt, str) and isinstance(cost, int)):
            raise ValueError("not a recovery key")
        low, high = SCRYPT_LIMITS
        key = cls(base64.b64decode(public, validate=True), base64.b64decode(salt), cost)
        if len(key.public) != 32 or not low <= cost <= high or cost & (cost - 1):
            raise ValueError("not a recovery key")
        return key

    def fields(self) -> dict[str, object]:
        """What a JSON file keeps of this key; nothing in it is secret."""
        return {"public": _text(self.public), "salt": _text(self.salt), "cost": self.cost}

    def wrap(self, secret: bytes) -> bytes:
        """`secret` as bytes that only the recovery code opens."""
        sender = X25519PrivateKey.generate()
        header = {
            "format": FORMAT,
            **self.fields(),
            "sender": _text(sender.public_key().public_bytes_raw()),
        }
        shared = sender.exchange(X25519PublicKey.from_public_bytes(self.public))
        nonce = os.urandom(NONCE)
        sealed = _cipher(shared, header).encrypt(nonce, secret, _bound(header))
        return json.dumps({**header, "sealed": _text(nonce + sealed)}, indent=2).encode()


def unwrap(wrapped: bytes, code: str) -> bytes:
    """The secret that `RecoveryKey.wrap` was given.

    Raises MistypedCode or WrongCode about the code, WrapDamaged about `wrapped`.
    """
    characters = read_code(code)
    try:
        header = json.loads(wrapped)
        sealed = base64.b64decode(header.pop("sealed"), validate=True)
        key = RecoveryKey.read(header)
        sender = X25519PublicKey.from_public_bytes(base64.b64decode(header["sender"]))
        if header["format"] != FORMAT:
            raise WrapDamaged(f"The wrapped keys have the unknown format {header['format']}.")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, WrapDamaged):
            raise
        raise WrapDamaged("The wrapped keys are damaged.") from error
    private = _private_key(characters, key.salt, key.cost)
    if private.public_key().public_bytes_raw() != key.public:
        raise WrongCode("This recovery code belongs to another book, or was replaced by a new one.")
    try:
        cipher = _cipher(private.exchange(sender), header)
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _bound(header))
    except (InvalidTag, ValueError) as error:
        raise WrapDamaged("The wrapped keys are damaged.") from error


def new_code() -> str:
    """A fresh code of 140 random bits, as people write it: `7K2QF-…` in seven groups."""
    groups = []
    for number in range(GROUPS):
        values = [secrets.randbelow(32) for _ in range(GROUP_LENGTH - 1)]
        groups.append("".join(ALPHABET[v] for v in [*values, _check_value(number, values)]))
    return "-".join(groups)


def read_code(typed: str) -> str:
    """The code as `new_code` wrote it, from however it was typed: case, spaces, dashes, O for 0.

    Raises MistypedCode, naming the group, for every single wrong character and every two
    neighbours in the wrong order.
    """
    kept = [c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum()]
    characters = "".join(kept).translate(MISREAD)
    length = GROUPS * GROUP_LENGTH
    if len(characters) != length:
        raise MistypedCode(
            f"A recovery code has {length} letters and digits; {len(characters)} were typed."
        )
    groups = [characters[at : at + GROUP_LENGTH] for at in range(0, length, GROUP_LENGTH)]
    for number, group in enumerate(groups):
        values = [ALPHABET.find(character) for character in group]
        if -1 in values or values[-1] != _check_value(number, values[:-1]):
            raise MistypedCode(f"Group {number + 1} of the recovery code is mistyped: {group}")
    return "-".join(groups)


def _check_value(number: int, values: list[int]) -> int:
    """A polynomial over GF(32): each place weighs differently, so does the group's number."""
    total = number
    for value in values:
        total = _doubled(total) ^ value
    return _doubled(total)


def _doubled(value: int) -> int:
    return value << 1 ^ (0b100101 if value & 0b10000 else 0)


def _private_key(code: str, salt: bytes, cost: int) -> X25519PrivateKey:
    secret = Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(code.encode())
    return X25519PrivateKey.from_private_bytes(secret)


def _cipher(shared: bytes, header: dict[str, object]) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, None, b"crmlite recovery").derive(shared))


def _bound(header: dict[str, object]) -> bytes:
    return json.dumps(header, sort_keys=True).encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
