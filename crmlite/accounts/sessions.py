"""Where people are signed in: a token in the browser, its digest and limits in the database."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import current_app, has_request_context, request
from sqlalchemy import Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from crmlite import clock, settings
from crmlite.access import Reader
from crmlite.accounts.models import Session, User
from crmlite.accounts.roster import ACTIVE, roster
from crmlite.config import Config
from crmlite.db.engines import is_busy
from crmlite.extensions import database
from crmlite.work.aside import aside

SEEN_EVERY = timedelta(minutes=5)
AHEAD = timedelta(minutes=5)  # by so much another machine's clock may be before this one's
TIMED = "X-Timed"  # what `looks_again` of templates/ui/panel.html sends
TOKEN_BYTES = 32
LONGEST_DEVICE = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """A browser in which somebody is signed in."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    current: bool


def load_reader(token: str) -> Reader | None:
    """Who is signed in with a token, as they stand now; None when nobody is, or not any more."""
    now = clock.now()
    row = database.session.execute(_signed_in(), {"digest": digest(token)}).first()
    if row is None or not _is_open(row, now):
        return None
    if now - row.seen_at >= SEEN_EVERY and not _is_timed():
        _note_seen(row.id, now)
    return _reader(row, token)


def _is_timed() -> bool:
    """Whether a page asks by itself, and nobody need sit before it."""
    return has_request_context() and TIMED in request.headers


def _is_open(row: Any, now: datetime) -> bool:
    """Whether a session holds. One from the future does not: the clock was wrong when it began or was
    used, and it would last for as long as that was ahead."""
    last = min(row.expires_at, row.seen_at + _idle())
    return bool(
        now < last and row.seen_at <= now + AHEAD and row.expires_at <= now + _days() + AHEAD
    )


@cache  # asked with every request
def _signed_in() -> Select[Any]:
    table, user = Session.__table__, User.__table__
    return (
        select(
            table.c.id,
            table.c.user_id,
            table.c.seen_at,
            table.c.expires_at,
            user.c.login,
            user.c.name,
            user.c.lang,
            user.c.theme,
            user.c.role_id,
            user.c.must_change_password,
        )
        .join(user, user.c.id == table.c.user_id)
        .where(
            table.c.token_digest == bindparam("digest"),
            table.c.password_set_at == user.c.password_set_at,
            user.c.state == ACTIVE,
        )
    )


def _reader(row: Any, token: str) -> Reader:
    everyone = roster()
    role = everyone.roles[row.role_id]
    return Reader(
        user_id=row.user_id,
        login=row.login,
        name=row.name,
        role=role.key,
        lang=row.lang,
        theme=row.theme,
        zone=str(settings.get("timezone")),
        grants=role.grants,
        mates=everyone.mates(row.user_id),
        team_ids=everyone.team_ids(row.user_id),
        must_change_password=row.must_change_password,
        session_token=token,
    )


def start_session(user_id: int, device: str, *, password_set_at: datetime, at: datetime) -> str:
    """Sign somebody in on a browser and answer the token for its cookie; it is kept nowhere else.

    `password_set_at` is that of the password they gave: should it be changed in this very moment,
    the session opens nothing. Sessions that have run out, and those from the future, are taken away on
    this occasion.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    table = Session.__table__
    with aside() as connection:
        over = or_(table.c.expires_at <= at, table.c.seen_at > at + AHEAD)
        connection.execute(delete(table).where(over))
        connection.execute(
            insert(table).values(
                token_digest=digest(token),
                user_id=user_id,
                created_at=at,
                seen_at=at,
                expires_at=at + _days(),
                password_set_at=password_set_at,
                device=device[:LONGEST_DEVICE],
            )
        )
    return token


def end_session(token: str) -> None:
    """Sign out: the token opens nothing any more."""
    table = Session.__table__
    with aside() as connection:
        connection.execute(delete(table).where(table.c.token_digest == digest(token)))


def end_one(session_id: int, user_id: int) -> bool:
    """End one session of a person; whether there was one."""
    table = Session.__table__
    with aside() as connection:
        ended = connection.execute(
            delete(table).where(table.c.id == session_id, table.c.user_id == user_id)
        )
    return bool(ended.rowcount)


def end_others(user_id: int, token: str) -> None:
    """End the sessions of a person except the one with this token."""
    table = Session.__table__
    with aside() as connection:
        connection.execute(
            delete(table).where(table.c.user_id == user_id, table.c.token_digest != digest(token))
        )


def end_all(user_id: int, *, spare: str = "") -> None:
    """End the sessions of a person, but for the one whose token is `spare`.

    Belongs inside the operation that makes it necessary, so that both happen or neither does.
    """
    table, user = Session.__table__, User.__table__
    others = table.c.token_digest != digest(spare)
    database.session.execute(delete(table).where(table.c.user_id == user_id, others))
    if spare:
        today = select(user.c.password_set_at).where(user.c.id == user_id).scalar_subquery()
        database.session.execute(
            update(table).where(table.c.user_id == user_id).values(password_set_at=today)
        )


def end_shut_out(user_ids: Collection[int]) -> None:
    """End the sessions of those of these people who may sign in no more: whoever lets them in again
    does not revive what was open before."""
    table, user = Session.__table__, User.__table__
    shut_out = select(user.c.id).where(user.c.id.in_(user_ids), user.c.state != ACTIVE)
    database.session.execute(delete(table).where(table.c.user_id.in_(shut_out)))


def sessions_of(user_id: int, token: str = "") -> list[SignedIn]:
    """Where a person is signed in, the latest first; `token` tells which one asks."""
    table = Session.__table__
    now = clock.now()
    rows = database.session.execute(
        select(table)
        .where(table.c.user_id == user_id)
        .order_by(table.c.seen_at.desc(), table.c.id.desc())
    )
    return [
        SignedIn(
            id=row.id,
            device=row.device,
            created_at=row.created_at,
            seen_at=row.seen_at,
            current=row.token_digest == digest(token),
        )
        for row in rows
        if _is_open(row, now)
    ]


def renew_hash(user_id: int, before: str, after: str) -> None:
    """Keep the same password with today's costs; unless it was changed meanwhile."""
    table = User.__table__
    with aside() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == user_id, table.c.password_hash == before)
            .values(password_hash=after)
        )


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _note_seen(session_id: int, at: datetime) -> None:
    """Write down that the session is in use; left for the next time when others are writing.

    Opening a page must not hang on somebody else's import.
    """
    table = Session.__table__
    try:
        with aside(patient=False) as connection:
            connection.execute(update(table).where(table.c.id == session_id).values(seen_at=at))
    except DBAPIError as error:
        if not is_busy(error):
            raise


def _days() -> timedelta:
    return timedelta(days=_config().session_days)


def _idle() -> timedelta:
    return timedelta(hours=_config().session_idle_hours)


def _config() -> Config:
    found: Config = current_app.extensions["crmlite.config"]
    return found
