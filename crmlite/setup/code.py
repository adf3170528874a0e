"""The set-up code: who has it sees the console of the server, and may make the first login.

`crmlite init` and `crmlite serve` print one as long as nobody can sign in. Only digests are kept, of
the last few, so that an address stays good when crmlite is started again meanwhile.
"""

import hashlib
import hmac
import re
import secrets
from contextlib import suppress
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from crmlite.accounts.models import User
from crmlite.config import Config
from crmlite.db import durable
from crmlite.extensions import database

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is taken for another
GROUPS, OF = 4, 4  # 78 bits
KEPT = 5


def is_open() -> bool:
    """Whether nobody can sign in yet, nor ever could: the book waits for its first manager."""
    return database.session.execute(select(User.__table__.c.id).limit(1)).first() is None


def offer() -> str | None:
    """A new code, to be shown on the console; None once the book has people."""
    if not is_open():
        forget()
        return None
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(OF)) for _ in range(GROUPS))
    kept = [*_digests(), _digest(code)][-KEPT:]
    durable.replace(_file(), "\n".join(kept).encode())
    return code


def mark_of(typed: str) -> str:
    """What a browser keeps as proof that the code was given in it; empty for a wrong one."""
    mark = _digest(typed)
    return mark if is_mark(mark) else ""


def is_mark(mark: str) -> bool:
    """Whether a browser's proof is one of a code that still holds."""
    right = [hmac.compare_digest(mark.encode(), kept.encode()) for kept in _digests()]
    return any(right)


def forget() -> None:
    """Let no code hold any more."""
    with suppress(FileNotFoundError):
        _file().unlink()


def _digest(code: str) -> str:
    """What is kept of a code, however it was typed."""
    plain = re.sub(r"[^A-Z0-9]", "", code[:100].upper())
    return hashlib.sha256(plain.encode()).hexdigest()


def _digests() -> list[str]:
    try:
        return _file().read_text("utf-8").split()
    except FileNotFoundError:
        return []


def _file() -> Path:
    config: Config = current_app.extensions["crmlite.config"]
    return config.instance / "setup-code"
