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

Key = tuple[int, int]
"""A customer and a strategy that serves it, by their ids."""


class Served(Protocol):
    """A customer, and the strategies that serve it by now."""

    @property
    def id(self) -> int:
        """The customer's."""

    @property
    def serving(self) -> Sequence[Sound]:
        """The strategies."""


def begun_of(customer_ids: Sequence[int], today: date) -> dict[Key, date]:
    """Since when each strategy serves each customer; of one that served it until some days ago, since
    when it did: a customer deleted and restored, or a condition that comes and goes, loses nothing."""
    paused = _rows(PAUSED, customer_ids)
    begun = {key: row.begun_on for key, row in paused.items() if row.ended_on >= today - RESUMES}
    return begun | {key: row.begun_on for key, row in _rows(FOLLOWED, customer_ids).items()}


def note_followed(everybody: Sequence[Served], today: date) -> None:
    """Note which strategies serve each customer, and since when; of those that do no more, until when."""
    wanted = {(one.id, sound.id): sound.version_id for one in everybody for sound in one.serving}
    had = _rows(FOLLOWED, [one.id for one in everybody])
    _pause([row for key, row in had.items() if key not in wanted], today)
    renewed = {
        key: version
        for key, version in wanted.items()
        if key in had and had[key].version_id != version
    }
    if renewed:
        database.session.connection().execute(
            update(FOLLOWED).where(*_link(FOLLOWED)).values(version_id=bindparam("version")),
            [{**_named(key), "version": version} for key, version in renewed.items()],
        )
    _follow({key: version for key, version in wanted.items() if key not in had}, today)


def _rows(table: Table, customer_ids: Sequence[int]) -> dict[Key, Any]:
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


def _follow(fresh: Mapping[Key, int], today: date) -> None:
    """Let strategies serve customers, each by a version."""
    if not fresh:
        return
    ids = sorted({customer_id for customer_id, _strategy in fresh})
    begun = begun_of(ids, today)
    resumed = [_named(key) for key in _rows(PAUSED, ids) if key in fresh]
    if resumed:
        database.session.connection().execute(delete(PAUSED).where(*_link(PAUSED)), resumed)
    database.session.execute(
        insert(FOLLOWED),
        [
            {
                "customer_id": key[0],
                "strategy_id": key[1],
                "version_id": version,
                "begun_on": begun.get(key, today),
            }
            for key, version in fresh.items()
        ],
    )


def _link(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        table.c.customer_id == bindparam("customer"),
        table.c.strategy_id == bindparam("strategy"),
    )


def _named(key: Key) -> dict[str, int]:
    return {"customer": key[0], "strategy": key[1]}
