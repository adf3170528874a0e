"""Telling people something, noting what they have read, and what they do not want to be told."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crmlite.accounts.models import User
from crmlite.accounts.roster import ACTIVE
from crmlite.extensions import database
from crmlite.notifications.badge import unread
from crmlite.notifications.kinds import kinds, known
from crmlite.notifications.models import MutedKind, Notification
from crmlite.notifications.notices import Notice
from crmlite.work import Actor, current, operation, records
from crmlite.work.records import CREATED, add_change, chunks, plain, silent

AT_ONCE = 100
TABLE, MUTED, USERS = Notification.__table__, MutedKind.__table__, User.__table__


@operation("people_notified")
def notify(notices: Sequence[Notice], *, by: Actor, at: datetime) -> int:
    """Tell people something; answers how many notifications that made.

    Inside another operation it is part of it, and is taken back when that one is undone. Nobody is
    told of what they did themselves unless the notice says so, nobody who may not sign in, nobody
    of a kind they muted. A key that the person was told before makes none, also when two processes
    tell it at once. Raises UnknownKind.
    """
    for name in {notice.kind for notice in notices}:
        known(name)
    wanted = [one for one in notices if one.even_own or one.user_id != by.user_id]
    told = _told({notice.user_id for notice in wanted}) if wanted else {}
    rows = [
        {
            "user_id": notice.user_id,
            "kind": notice.kind,
            "params": dict(notice.params),
            "key": notice.key,
            "at": at,
        }
        for notice in wanted
        if notice.user_id in told and notice.kind not in told[notice.user_id]
    ]
    made = [row for some in _batches(rows) for row in _added(some)]
    unread.forget({row["user_id"] for row in made})
    return len(made)


def _told(user_ids: Collection[int]) -> dict[int, set[str]]:
    """Those of these people who may sign in, each with the kinds that they muted."""
    found: dict[int, set[str]] = {}
    mutable = {kind.name for kind in kinds().values() if kind.mutable}
    for some in chunks(sorted(user_ids)):
        own = and_(MUTED.c.user_id == USERS.c.id, MUTED.c.kind.in_(mutable))
        rows = database.session.execute(
            select(USERS.c.id, MUTED.c.kind)
            .select_from(USERS.outerjoin(MUTED, own))
            .where(USERS.c.id.in_(some), USERS.c.state == ACTIVE)
        )
        for user_id, kind in rows:
            found.setdefault(user_id, set()).add(kind)
    return found


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _added(rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    """Add those that are not there yet, with their lines in the ledger."""
    engine = postgresql if database.engine.dialect.name == "postgresql" else sqlite
    statement = engine.insert(TABLE).values(rows).on_conflict_do_nothing()
    added = database.session.execute(statement.returning(TABLE)).mappings().all()
    left_out = silent(TABLE)
    for row in added:
        diff = {
            name: [None, plain(value)]
            for name, value in row.items()
            if value is not None and name not in left_out
        }
        add_change(TABLE, row["id"], CREATED, diff, row)
    return added


@operation("notifications_read", traced=False)
def mark_read(
    user_id: int,
    *,
    only: int | None = None,
    until: int | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Note that somebody has read their notifications: all, `only` one, or those `until` the newest
    that they have seen; answers how many were unread."""
    wanted = [TABLE.c.user_id == user_id, TABLE.c.read_at.is_(None)]
    if only is not None:
        wanted.append(TABLE.c.id == only)
    if until is not None:
        wanted.append(TABLE.c.id <= until)
    done = database.session.execute(update(TABLE).where(*wanted).values(read_at=at))
    unread.forget({user_id})
    return int(done.rowcount)


@operation("notification_kinds_chosen")
def mute(user_id: int, muted: Collection[str], *, by: Actor, at: datetime) -> int:
    """Tell somebody nothing more of these kinds, and of all others again; answers the id of the
    operation, 0 when nothing changed. Kinds that cannot be muted are left out; what is said of kinds
    that nobody declares now, as of a pack that is off, stays."""
    offered = {kind.name for kind in kinds().values() if kind.mutable}
    rows = database.session.execute(
        select(MUTED.c.kind, MUTED.c.id).where(MUTED.c.user_id == user_id)
    )
    there = {kind: row_id for kind, row_id in rows if kind in offered}
    wanted = offered.intersection(muted)
    records.delete_many(MutedKind, [there[kind] for kind in there.keys() - wanted])
    records.insert_many(
        MutedKind, [{"user_id": user_id, "kind": kind} for kind in sorted(wanted - there.keys())]
    )
    return current().id if current().changes else 0
