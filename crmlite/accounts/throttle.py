"""Slows down those who guess passwords, without shutting out those who know theirs.

A try is counted before the password is looked at, so that many at once count as many. Three
counters decide: one per network, one per account and network together, and one per account, which
never closes anything by itself: it only makes networks that failed before wait sooner. So whoever
guesses from elsewhere cannot keep an owner out who comes from a network without failures.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import ngettext
from sqlalchemy import ColumnElement, Connection, case, delete, not_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crmlite.accounts.logins import login_form
from crmlite.accounts.models import Throttle
from crmlite.extensions import database
from crmlite.networks import network
from crmlite.work.aside import aside

FORGOTTEN = timedelta(hours=1)
KEPT = timedelta(days=1)
FREE_BOTH, FREE_HAMMERED, FREE_NETWORK = 5, 1, 30  # tries; the last of them makes wait
AHEAD = timedelta(minutes=1)  # by so much another machine's clock may be before this one's
HAMMERED = 20  # failures of an account, from anywhere, within the hour
LONGEST_BOTH, LONGEST_NETWORK = timedelta(minutes=15), timedelta(minutes=5)
TABLE = Throttle.__table__


@dataclass(frozen=True, slots=True)
class Keys:
    """What a try is counted under."""

    account: str
    network: str
    both: str


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of one key."""

    tries: int = 0
    until: datetime | None = None


def keys(login: str, address: str | None) -> Keys:
    """The keys for a try with a login from an address. Logins are kept as digests only."""
    account = hashlib.sha256(login_form(login).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    place = network(address)
    return Keys(f"account {account}", f"network {place}", f"both {account} {place}")


def wait(asked: Keys, at: datetime) -> timedelta | None:
    """How long to wait before the next try; None when it may be made now."""
    rows = database.session.execute(
        select(TABLE.c.key, TABLE.c.until).where(
            TABLE.c.key.in_((asked.network, asked.both)), TABLE.c.until > at, _from_today(at)
        )
    )
    return max((row.until - at for row in rows), default=None)


def count(asked: Keys, at: datetime) -> timedelta | None:
    """Count a try and answer None; or how long to wait, when it may not be made and is not counted.

    Call `forgive` when the password was right.
    """
    if (pause := wait(asked, at)) is not None:
        return pause
    with aside() as connection:
        connection.execute(delete(TABLE).where(not_(_from_today(at))))
        known = _locked(connection, asked, at)
        for key in (asked.network, asked.both):
            if (until := known[key].until) is not None and until > at:
                return until - at  # another try was counted between the look and the lock
        hammered = known[asked.account].tries >= HAMMERED
        free = FREE_HAMMERED if hammered else FREE_BOTH
        tries = {key: count.tries + 1 for key, count in known.items()}
        pauses = {
            asked.account: None,
            asked.network: delay(tries[asked.network] - FREE_NETWORK, LONGEST_NETWORK),
            asked.both: delay(tries[asked.both] - free, LONGEST_BOTH),
        }
        for key, pause in pauses.items():
            until = at + pause if pause else None
            values = {"tries": tries[key], "until": until, "last_at": at}
            connection.execute(update(TABLE).where(TABLE.c.key == key).values(values))
    return None


def spend(key: str, most: int, at: datetime) -> timedelta | None:
    """Count a use of something that may be used so many times in an hour; how long to wait once there
    were more."""
    row = {"key": _hourly(key, at), "tries": 1, "last_at": at}
    with aside() as connection:
        connection.execute(delete(TABLE).where(not_(_from_today(at))))
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        counted = insert(TABLE).values(row)
        raised = {"tries": TABLE.c.tries + 1, "last_at": at}
        again = counted.on_conflict_do_update(index_elements=["key"], set_=raised)
        tries = connection.execute(again.returning(TABLE.c.tries)).scalar_one()
    return rest_of_hour(at) if tries > most else None


def wait_for(key: str, most: int, at: datetime) -> timedelta | None:
    """How long to wait for such a use; None when there were not too many. It is not counted."""
    wanted = select(TABLE.c.tries).where(TABLE.c.key == _hourly(key, at))
    tries = database.session.execute(wanted).scalar() or 0
    return rest_of_hour(at) if tries >= most else None


def _from_today(at: datetime) -> ColumnElement[bool]:
    """What is neither old nor from the future. A clock that was put right had counted far ahead, and
    people would wait until then."""
    return TABLE.c.last_at.between(at - KEPT, at + AHEAD)


def rest_of_hour(at: datetime) -> timedelta:
    """How long the hour of a moment still lasts."""
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - at


def in_words(pause: timedelta) -> str:
    """How long to wait, as a sentence begins."""
    left = seconds(pause)
    if left < 60:
        return str(ngettext("Wait one second", "Wait %(num)d seconds", left))
    return str(ngettext("Wait one minute", "Wait %(num)d minutes", -(-left // 60)))


def seconds(pause: timedelta) -> int:
    """A pause in whole seconds, at least one."""
    return max(1, -(-int(pause.total_seconds() * 1000) // 1000))


def _hourly(key: str, at: datetime) -> str:
    return f"{key} {at:%Y%m%d%H}"


def forgive(asked: Keys) -> None:
    """The password was right: forget the tries of this person from this network, and take the
    last one off the other counters."""
    with aside() as connection:
        connection.execute(delete(TABLE).where(TABLE.c.key == asked.both))
        connection.execute(
            update(TABLE)
            .where(TABLE.c.key.in_((asked.account, asked.network)))
            .values(tries=case((TABLE.c.tries > 0, TABLE.c.tries - 1), else_=0), until=None)
        )


def delay(excess: int, longest: timedelta) -> timedelta | None:
    """How long a try closes the door: nothing at first, then 2 s, 4 s, 8 s … up to `longest`."""
    if excess < 0:
        return None
    return min(timedelta(seconds=2 ** min(excess + 1, 16)), longest)


def _locked(connection: Connection, asked: Keys, at: datetime) -> Mapping[str, Count]:
    """What is known of the keys, each with a row that nobody else counts in meanwhile."""
    wanted = sorted((asked.account, asked.network, asked.both))
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = [{"key": key, "tries": 0, "last_at": at} for key in wanted]
    connection.execute(insert(TABLE).on_conflict_do_nothing(), new)
    rows = connection.execute(
        select(TABLE).where(TABLE.c.key.in_(wanted)).order_by(TABLE.c.key).with_for_update()
    )
    return {
        row.key: Count(row.tries, row.until) if at - row.last_at < FORGOTTEN else Count()
        for row in rows
    }
