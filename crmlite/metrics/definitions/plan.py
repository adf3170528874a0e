"""Plan kept: of the touches that came due, how many were fulfilled by their day.

A touch is due on the day on which the plan has it, which is that to which it was levelled. Where
somebody put the task off, that changes nothing of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, union_all

from crmlite.extensions import database
from crmlite.followups.kinds import icon_of
from crmlite.followups.models import Task
from crmlite.metrics.declaring import DAY, Metric, Span, Told
from crmlite.rules.planning import DONE, LAPSED, LEFT_OUT, WITHDRAWN
from crmlite.strategies.models import PlannedTouch
from crmlite.wording import N_, label

TASKS, TOUCHES = Task.__table__, PlannedTouch.__table__
DUE = func.coalesce(TOUCHES.c.levelled_on, TOUCHES.c.planned_on)
STATES = {
    "open": N_("still open"),
    DONE: N_("done"),
    LEFT_OUT: N_("left out"),
    LAPSED: N_("lapsed"),
    WITHDRAWN: N_("asked for no more, after its day"),
}


def _rows(people: Sequence[int], span: Span) -> Select[Any]:
    """Each half is answered by an index of its own: by the day of the plan, and by that to which it was
    levelled."""
    first, last = span.period.first, min(span.period.last, span.today - DAY)
    mine = TOUCHES.c.executor_id.in_(people)
    either = union_all(
        _counting(mine, TOUCHES.c.levelled_on.is_(None), TOUCHES.c.planned_on.between(first, last)),
        _counting(mine, TOUCHES.c.levelled_on.between(first, last)),
    ).subquery()
    return select(either)


def _counting(*where: Any) -> Select[Any]:
    """What was withdrawn by its day was not asked for any more on it."""
    ended = TOUCHES.c.ended_on
    kept = and_(TOUCHES.c.state == DONE, ended <= DUE)
    return select(
        TOUCHES.c.id,
        TOUCHES.c.executor_id.label("user_id"),
        TOUCHES.c.customer_id,
        DUE.label("at"),
        case((kept, 1), else_=0).label("kept"),
    ).where(*where, or_(TOUCHES.c.state != WITHDRAWN, ended > DUE))


def _told(ids: Sequence[int]) -> Mapping[int, Told]:
    statement = (
        select(
            *(TOUCHES.c[name] for name in ("id", "customer_id", "state", "ended_on")),
            DUE.label("due"),
            TASKS.c.what,
            TASKS.c.channel,
            TASKS.c.reason,
        )
        .select_from(TOUCHES.join(TASKS, TASKS.c.id == TOUCHES.c.task_id))
        .where(TOUCHES.c.id.in_(ids))
    )
    return {
        row["id"]: Told(
            customer_id=row["customer_id"],
            icon=icon_of(row["channel"]),
            said=_what(row),
            due=row["due"],
            done=row["ended_on"] if row["state"] == DONE else None,
            state=label(STATES[row["state"]]),
        )
        for row in database.session.execute(statement).mappings()
    }


def _what(row: Mapping[str, Any]) -> str:
    """What the touch is, in the reader's language."""
    params = (row["reason"] or {}).get("params", {})
    return label(params.get("touch")) or row["what"]


METRIC = Metric(
    name="plan",
    label=N_("Plan kept"),
    definition=N_(
        "Of all planned touches whose day came in the period and is over: how many were fulfilled on "
        "their day or before it. A touch that the plan itself moved or levelled counts on its new day; "
        "one that somebody put off stays due on the day of the plan. What was left out or has lapsed was "
        "not kept; what a strategy asked for no more by its day does not count. It counts for whoever "
        "the plan gives it to."
    ),
    rows=_rows,
    told=_told,
)
