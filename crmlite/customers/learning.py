"""How soon people enter what they learn of customers: the measure of C11, for pages and metrics."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, text

from crmlite.customers.models import Learnt
from crmlite.extensions import database

LEARNT = Learnt.__table__


def shares(
    people: Sequence[int], since: datetime, until: datetime | None = None
) -> dict[int, tuple[int, int]]:
    """For each of these people: how many changes they entered from a moment on (and before another), and
    how many of them within 24 hours of learning of them."""
    kept = func.sum(case((_is_late(), 0), else_=1))
    wanted = select(LEARNT.c.user_id, func.count(), kept).where(
        LEARNT.c.user_id.in_(people), LEARNT.c.entered_at >= since
    )
    if until is not None:
        wanted = wanted.where(LEARNT.c.entered_at < until)
    rows = database.session.execute(wanted.group_by(LEARNT.c.user_id))
    found = {user_id: (int(total), int(in_time)) for user_id, total, in_time in rows}
    return {user_id: found.get(user_id, (0, 0)) for user_id in people}


def _is_late() -> ColumnElement[bool]:
    if database.engine.dialect.name == "postgresql":
        return LEARNT.c.entered_at - LEARNT.c.learnt_at > text("interval '24 hours'")
    delay = func.julianday(LEARNT.c.entered_at) - func.julianday(LEARNT.c.learnt_at)
    return delay > 1.00000001  # days; the last places of a day's fraction are not exact
