"""Which strategies serve each customer, and since when: read before plans are made, and noted after."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select, update

from crmlite.extensions import database
from crmlite.strategies.models import Followed, PausedStrategy
from crmlite.strategies.planner.serving import Sound

FOLLOWED, PAUSED = Followed.__table__, PausedStrategy.__table__
RESUMES = timedelta(days=30)  # after which a strategy that serves again begins anew

Link = tuple[int, int]
"""A customer and a strategy that serves it, by their ids."""


class Served(Protocol):
    """A customer, and the strategies that serve it by now."""

    @property
    def id(self) -> int:
        """The customer's."""

    @property
    def serving(self) -> Sequence[Sound]:
        """The strategies."""


def begun_of(customer_ids: Sequence[int], today: date) -> dict[Link, date]:
    """Since when each strategy serves each customer; of one that served it until some days ago, since
    when it did: a customer deleted and restored, or a condition that comes and goes, loses nothing."""
    followed = {link: row.begun_on for link, row in _rows(FOLLOWED, customer_ids).items()}
    return _resuming(_rows(PAUSED, customer_ids), today) | followed


def _resuming(paused: Mapping[Link, Any], today: date) -> dict[Link, date]:
    return {link: row.begun_on for link, row in paused.items() if row.ended_on >= today - RESUMES}


def note_followed(everybody: Sequence[Served], today: date) -> None:
    """Note which strategies serve each customer, and since when; of those that do no more, until when."""
    wanted = {(one.id, sound.id): sound.version_id for one in everybody for sound in one.serving}
    had = _rows(FOLLOWED, [one.id for one in everybody])
    _pause([row for link, row in had.items() if link not in wanted], today)
    renewed = {
        link: version
        for link, version in wanted.items()
        if link in had and had[link].version_id != version
    }
    if renewed:
        database.session.connection().execute(
            update(FOLLOWED).where(*_link(FOLLOWED)).values(version_id=bindparam("version")),
            [{**_named(link), "version": version} for link, version in renewed.items()],
        )
    _follow({link: version for link, version in wanted.items() if link not in had}, today)


def _rows(table: Table, customer_ids: Sequence[int]) -> dict[Link, Any]:
    found = database.session.execute(select(table).where(table.c.customer_id.in_(customer_ids)))
    return {(row.customer_id, row.strategy_id): row for row in found}


def _pause(rows: Sequence[Any], today: date) -> None:
    """Let strategies serve customers no more."""
    if not rows:
        return
    keys = [_named((row.customer_id, row.strategy_id)) for row in rows]
    database.session.connection().execute(delete(FOLLOWED).where(*_link(FOLLOWED)), keys)
    names = ("customer_id", "strategy_id", "begun_on")
    ended = [{**{name: getattr(row, name) for name in names}, "ended_on": today} for row in rows]
    database.session.execute(insert(PAUSED), ended)


def _follow(fresh: Mapping[Link, int], today: date) -> None:
    """Let strategies serve customers, each by a version."""
    if not fresh:
        return
    ids = sorted({customer_id for customer_id, _strategy in fresh})
    paused = _rows(PAUSED, ids)
    begun = _resuming(paused, today)
    resumed = [_named(link) for link in paused if link in fresh]
    if resumed:
        database.session.connection().execute(delete(PAUSED).where(*_link(PAUSED)), resumed)
    database.session.execute(
        insert(FOLLOWED),
        [
            {
                "customer_id": link[0],
                "strategy_id": link[1],
                "version_id": version,
                "begun_on": begun.get(link, today),
            }
            for link, version in fresh.items()
        ],
    )


def _link(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        table.c.customer_id == bindparam("customer"),
        table.c.strategy_id == bindparam("strategy"),
    )


def _named(link: Link) -> dict[str, int]:
    return {"customer": link[0], "strategy": link[1]}
