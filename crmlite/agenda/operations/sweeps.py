"""That somebody went through their week."""

from datetime import date, datetime

from sqlalchemy import select

from crmlite.agenda.models import SweptWeek
from crmlite.extensions import database
from crmlite.work import Actor, current, operation, records

SWEPT = SweptWeek.__table__


@operation("week_swept")
def finish_sweep(
    user_id: int, week_on: date, *, done: int, total: int, by: Actor, at: datetime
) -> int:
    """Note that a person went through the week from a Monday on, and how much was done by then; said
    again, the last time counts. Answers the id of the operation."""
    values = {"finished_at": at, "done": done, "total": total}
    known = select(SWEPT.c.id).where(SWEPT.c.user_id == user_id, SWEPT.c.week_on == week_on)
    row_id = database.session.execute(known).scalar()
    if row_id is None:
        records.insert(SweptWeek, {"user_id": user_id, "week_on": week_on, **values})
    else:
        records.update(SweptWeek, row_id, values)
    return current().id
