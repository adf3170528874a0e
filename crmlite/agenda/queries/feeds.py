"""Feeds: one's own, and the one that an address opens."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, select

from crmlite.accounts.models import User
from crmlite.agenda.models import CalendarFeed
from crmlite.extensions import database

Row = Mapping[str, Any]
FEEDS, USERS = CalendarFeed.__table__, User.__table__
LONGEST = 100  # signs of a secret
# Who gets another password may have lost more than the one before: nothing that was given out under
# that goes on, as no session does.
IS_OPEN = and_(FEEDS.c.secret_hash.is_not(None), FEEDS.c.made_at >= USERS.c.password_set_at)


def digest_of(secret: str) -> str:
    """What is kept of the secret in an address."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def feed_of(user_id: int) -> Row | None:
    """The feed of a person, be it open (`is_open`) or closed; None for who never had one."""
    wanted = select(FEEDS, IS_OPEN.label("is_open")).join(USERS, USERS.c.id == FEEDS.c.user_id)
    found = database.session.execute(wanted.where(FEEDS.c.user_id == user_id))
    return found.mappings().first()


def feed_by(secret: str) -> Row | None:
    """The feed that a secret opens; None when it opens none."""
    if len(secret) > LONGEST:
        return None
    wanted = select(FEEDS).join(USERS, USERS.c.id == FEEDS.c.user_id)
    found = database.session.execute(
        wanted.where(FEEDS.c.secret_hash == digest_of(secret), IS_OPEN)
    )
    return found.mappings().first()
