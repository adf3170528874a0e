"""Feeds: one's own, and the one that an address opens."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crmlite.agenda.models import CalendarFeed
from crmlite.extensions import database

Row = Mapping[str, Any]
FEEDS = CalendarFeed.__table__
LONGEST = 100  # signs of a secret


def digest_of(secret: str) -> str:
    """What is kept of the secret in an address."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def feed_of(user_id: int) -> Row | None:
    """The feed of a person, be it open or revoked; None for who never had one."""
    found = database.session.execute(select(FEEDS).where(FEEDS.c.user_id == user_id))
    return found.mappings().first()


def feed_by(secret: str) -> Row | None:
    """The feed that a secret opens; None when it opens none."""
    if len(secret) > LONGEST:
        return None
    wanted = select(FEEDS).where(FEEDS.c.secret_hash == digest_of(secret))
    return database.session.execute(wanted).mappings().first()
