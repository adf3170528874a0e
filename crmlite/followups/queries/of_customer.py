"""Tasks of one customer: those still open, and those that its timeline tells of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import Select, and_, func, or_, select

from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.queries.interactions import further

Row = Mapping[str, Any]
PREFIX = "step"
STEPS, TALKS = Task.__table__, Interaction.__table__
MOMENT = func.coalesce(STEPS.c.closed_at, STEPS.c.created_at)


def open_steps(customer_id: int) -> Sequence[Row]:
    """What is still to be done for a customer, the most urgent first."""
    statement = select(STEPS).where(*_of(customer_id), STEPS.c.status == "open")
    return _found(statement.order_by(STEPS.c.due_on, STEPS.c.due_at.nulls_last(), STEPS.c.id))


def open_steps_beside() -> Sequence[Row] | None:
    """The same where the newest entries of the timeline were read for the page that is being
    shown; else None. They answer once: what is asked after a change is read anew."""
    found: Sequence[Row] | None = g.pop("steps_beside", None)
    return found


def steps_before(
    customer_id: int, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Row]:
    """Tasks that stand under no interaction, newest first, from a moment and key on. The `moment` of
    one is when it was done or dropped; of an open one when it was planned. What a strategy asks for is
    told of when somebody has closed it: its contacts are told of anyway."""
    alone = _alone(customer_id, STEPS, MOMENT.label("moment"))
    newest = (MOMENT.desc(), STEPS.c.id.desc())
    if before is not None:
        further_ones = alone.where(further(MOMENT, STEPS.c.id, PREFIX, *before))
        return _found(further_ones.order_by(*newest).limit(limit))
    first = _alone(customer_id, STEPS.c.id).order_by(*newest).limit(limit).subquery()
    told = STEPS.c.id.in_(select(first.c.id))
    either = select(STEPS, MOMENT.label("moment"), told.label("told")).where(
        *_of(customer_id), or_(STEPS.c.status == "open", told)
    )
    rows = _found(either.order_by(*newest))
    still = [row for row in rows if row["status"] == "open"]
    g.steps_beside = sorted(still, key=_by_due)
    return [row for row in rows if row["told"]]


def _alone(customer_id: int, *columns: Any) -> Select[Any]:
    above = and_(TALKS.c.id == STEPS.c.interaction_id, TALKS.c.state == "active")
    statement = select(*columns).select_from(STEPS.outerjoin(TALKS, above))
    told = or_(STEPS.c.kind != "touch", STEPS.c.closed_by_id.is_not(None))
    return statement.where(*_of(customer_id), TALKS.c.id.is_(None), told)


def _by_due(row: Row) -> tuple[Any, ...]:
    """By day, then by moment, those without one last."""
    at = row["due_at"]
    return row["due_on"], at is None, at and at.timestamp(), row["id"]


def _of(customer_id: int) -> tuple[Any, ...]:
    """What a case asks for is told of by cases."""
    return STEPS.c.customer_id == customer_id, STEPS.c.state == "active", STEPS.c.kind != "case"


def _found(statement: Select[Any]) -> Sequence[Row]:
    return database.session.execute(statement).mappings().all()
