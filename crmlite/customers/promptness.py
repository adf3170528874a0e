"""How soon people enter what they learn of customers: a measure for pages and metrics."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from crmlite.customers.models import Learnt
from crmlite.db.days import LaterThan
from crmlite.extensions import database
from crmlite.rules.promptness import IN_TIME

LEARNT = Learnt.__table__


def shares(
    people: Sequence[int], since: datetime, until: datetime | None = None
) -> dict[int, tuple[int, int]]:
    """For each of these people: how many changes they entered from a moment on (and before another), and
    how many of them within 24 hours of learning of them."""
    late = LaterThan(LEARNT.c.learnt_at, LEARNT.c.entered_at, IN_TIME)
    ended = () if until is None else (LEARNT.c.entered_at < until,)
    counted = (LEARNT.c.user_id.in_(people), LEARNT.c.entered_at >= since, *ended)
    return of_each(people, LEARNT.c.user_id, late, counted)


def of_each(
    people: Sequence[int],
    person: ColumnElement[Any],
    late: ColumnElement[bool],
    counted: Sequence[ColumnElement[bool]],
) -> dict[int, tuple[int, int]]:
    """For each of these people: how many rows that count are theirs, and how many of them not late."""
    kept = func.sum(case((late, 0), else_=1))
    rows = database.session.execute(
        select(person, func.count(), kept).where(*counted).group_by(person)
    )
    found = {user_id: (int(total), int(in_time)) for user_id, total, in_time in rows}
    return {user_id: found.get(user_id, (0, 0)) for user_id in people}
