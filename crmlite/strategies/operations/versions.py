"""Versions: what a strategy said, from when on, and what brought that about."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.strategies.models import Strategy, StrategyVersion
from crmlite.strategies.planner.jobs import have_all_planned
from crmlite.strategies.shipped import CONTENT, shipments
from crmlite.work import current
from crmlite.work.operations import move_epoch
from crmlite.work.shipped import deliver

STRATEGIES, VERSIONS = Strategy.__table__, StrategyVersion.__table__


def note_versions() -> None:
    """Keep the state of each strategy that says something else than its newest version; belongs at the
    end of every operation that changes strategies, and of an undo."""
    newest = _newest()
    session = database.session
    rows = session.execute(select(STRATEGIES).order_by(STRATEGIES.c.id)).mappings().all()
    fresh = [
        {
            "strategy_id": row["id"],
            "number": (newest[row["id"]]["number"] if row["id"] in newest else 0) + 1,
            "content": content_of(row),
            "operation_id": current().id,
            "since": current().at,
        }
        for row in rows
        if row["id"] not in newest or newest[row["id"]]["content"] != content_of(row)
    ]
    if fresh:
        session.execute(insert(VERSIONS), fresh)


def follow_change() -> None:
    """Keep the new state of strategies that changed, and have everybody's plan made by it; belongs at
    the end of the operation that changes them."""
    move_epoch()
    note_versions()
    have_all_planned()


def follow_scheme() -> None:
    """Bring in the strategies of the scheme of tiers that is in use by now, and let those of the other
    rest; belongs inside the operation that chooses it, or that switches its pack."""
    for owner in (hooks.OWN, *hooks.enabled()):
        for shipment in shipments(owner):
            deliver(shipment)
    follow_change()


def content_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a strategy says, of its row."""
    return {name: row[name] for name in ("key", *CONTENT)}


def _newest() -> dict[int, Mapping[str, Any]]:
    last = select(VERSIONS.c.strategy_id, func.max(VERSIONS.c.number).label("number"))
    last = last.group_by(VERSIONS.c.strategy_id).subquery()
    found = select(VERSIONS).join(
        last,
        (last.c.strategy_id == VERSIONS.c.strategy_id) & (last.c.number == VERSIONS.c.number),
    )
    return {row["strategy_id"]: row for row in database.session.execute(found).mappings()}
