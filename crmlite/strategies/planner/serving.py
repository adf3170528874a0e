"""Which strategies serve which customers: asked of the database, for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, false, func, select

from crmlite import fields
from crmlite.access import visible_to
from crmlite.access.readers import everything
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition
from crmlite.extensions import database
from crmlite.rules.strategies import Strategy
from crmlite.strategies.checking import problems_of
from crmlite.strategies.models import StrategyVersion
from crmlite.strategies.queries import declared_of, is_followed, strategies

KEY = "crmlite.sound_strategies"
VERSIONS = StrategyVersion.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Sound:
    """A strategy that is followed, with the version that it is by now."""

    id: int
    version_id: int
    declared: Strategy


def sound_strategies() -> Sequence[Sound]:
    """The strategies that are followed and can be, in the order in which one of the main ones is
    chosen; read once for each of the firm's arrangements. What is wrong with another plans nothing,
    and keeps nobody from being planned."""
    now = fields.memory()
    known: tuple[fields.Known, Sequence[Sound]] | None = current_app.extensions.get(KEY)
    if known is None or known[0] is not now:
        known = current_app.extensions[KEY] = (now, _read())
    return known[1]


def _read() -> Sequence[Sound]:
    newest = _newest_versions()
    found = []
    for row in strategies():
        declared = declared_of(row) if is_followed(row) else None
        if declared is not None and row["id"] in newest and not problems_of(declared):
            found.append(Sound(id=row["id"], version_id=newest[row["id"]], declared=declared))
    return found


def _newest_versions() -> dict[int, int]:
    statement = select(VERSIONS.c.strategy_id, func.max(VERSIONS.c.id)).group_by(
        VERSIONS.c.strategy_id
    )
    return {row[0]: row[1] for row in database.session.execute(statement)}


def taken_by(
    some: Sequence[Sound], customer_ids: Sequence[int], today: date
) -> dict[int, list[Sound]]:
    """The strategies that serve each of these customers: the first of the main ones whose condition it
    meets, and all that come on top. Who is archived or deleted is served by none."""
    found: dict[int, list[Sound]] = {customer_id: [] for customer_id in customer_ids}
    if not some:
        return found
    columns = [
        holds.label(f"s_{one.id}") for one, holds in zip(some, _holds(some, today), strict=True)
    ]
    statement = _living(select(CUSTOMER.c.id, *columns)).where(CUSTOMER.c.id.in_(customer_ids))
    for row in database.session.execute(statement):
        found[row[0]] = chosen([one for one, takes in zip(some, row[1:], strict=True) if takes])
    return found


def chosen(taking: Sequence[Sound]) -> list[Sound]:
    """Of strategies that take a customer those that serve it."""
    main = [one for one in taking if not one.declared.on_top][:1]
    return [*main, *(one for one in taking if one.declared.on_top)]


def _holds(some: Sequence[Sound], today: date) -> list[ColumnElement[bool]]:
    known, ask = dict(whole_catalogue()), asking(everything(), today)
    return [func.coalesce(condition(one.declared.serves, known, ask), false()) for one in some]


def _living(statement: Select[Any]) -> Select[Any]:
    joined = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id)
    return visible_to(everything(), statement.select_from(joined))
