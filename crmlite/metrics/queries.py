"""Counting figures, and the rows behind them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from crmlite.extensions import database
from crmlite.metrics.declaring import Metric, Share, Span

Row = Mapping[str, Any]


def shares(metric: Metric, people: Sequence[int], span: Span) -> dict[int, Share]:
    """The figure of each of these people; those for whom nothing counts are left out."""
    rows = metric.rows(people, span).subquery()
    statement = select(rows.c.user_id, func.sum(rows.c.kept), func.count()).group_by(rows.c.user_id)
    found = database.session.execute(statement)
    return {user_id: Share(int(kept), int(total)) for user_id, kept, total in found}


def rows(
    metric: Metric, people: Sequence[int], span: Span, *, missed: bool, limit: int, offset: int
) -> Sequence[Row]:
    """Rows behind the figure of these people together, those that were not kept first, each part by
    day, the latest first; perhaps only those `missed`."""
    counted = metric.rows(people, span).subquery()
    statement = select(counted)
    if missed:
        statement = statement.where(counted.c.kept == 0)
    ordered = statement.order_by(counted.c.kept, counted.c.at.desc(), counted.c.id.desc())
    return database.session.execute(ordered.limit(limit).offset(offset)).mappings().all()
