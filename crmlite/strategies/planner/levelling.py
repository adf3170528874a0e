"""Levels what people have to do (S8): no day of a person takes more touches than the firm wants."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from crmlite import clock, settings
from crmlite.calendars.queries import calendar_of
from crmlite.customers.models import Customer
from crmlite.customers.tag_rules import PLANNED
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import changed
from crmlite.jobs.queue import Lease, enqueue
from crmlite.rules.levelling import Movable, levelled
from crmlite.settings.queries import local_day
from crmlite.settings.shipped import SCHEME, TIERS
from crmlite.strategies.models import PlannedTouch, Strategy
from crmlite.work import Actor, operation, records

CAP, LEVEL = "tasks_per_day", "level-plans"
WORKING_DAYS = 5  # of a week, for what is said of a week
CUSTOMERS, TASKS = Customer.__table__, Task.__table__
TOUCHES, STRATEGIES = PlannedTouch.__table__, Strategy.__table__

Row = Mapping[str, Any]


def have_all_levelled() -> None:
    """Have everybody's plan levelled anew; belongs inside the operation that makes it necessary."""
    enqueue(LEVEL)


def level_all(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Level the plan of everybody who has one."""
    level_for(_planned_people(by=by, at=at), lease, by=by)


@operation(PLANNED)
def _planned_people(*, by: Actor, at: datetime) -> list[int]:
    """Those for whom touches are planned."""
    wanted = select(TASKS.c.assignee_id).join(TOUCHES, TOUCHES.c.task_id == TASKS.c.id)
    wanted = wanted.where(TOUCHES.c.state == "open", TASKS.c.assignee_id.is_not(None))
    return list(database.session.execute(wanted.distinct()).scalars())


def level_for(people: Iterable[int], lease: Lease, *, by: Actor) -> None:
    """Level the plans of some people, each in a step of its own."""
    for user_id in sorted(people):
        lease.renew()
        level(user_id, by=by, at=clock.now())


@operation(PLANNED)
def level(user_id: int, *, by: Actor, at: datetime) -> int:
    """Level the plan of one person; answers how many tasks were put on another day."""
    today = local_day(at)
    rows = _movable(user_id, today)
    days = levelled(
        [_of_row(row, rank) for row, rank in _ranked(rows)],
        _fixed(user_id, {row["task_id"] for row in rows}, today),
        cap=settings.get(CAP),
        today=today,
        works_on=calendar_of(None).works_on,
    )
    moved = [(row, days[row["id"]]) for row in rows if days[row["id"]] != row["due_on"]]
    _write(moved)
    return len(moved)


def _movable(user_id: int, today: date) -> Sequence[Row]:
    """The planned touches of a person that are still ahead and where the planner has put them. What
    happens and what is remembered has its day, and so has what somebody moved."""
    statement = (
        select(
            *(TOUCHES.c[name] for name in ("id", "task_id", "planned_on", "before_on")),
            TASKS.c.due_on,
            TASKS.c.reason,
            TASKS.c.customer_id,
            CUSTOMERS.c.tier,
        )
        .select_from(
            TOUCHES.join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
            .join(CUSTOMERS, CUSTOMERS.c.id == TOUCHES.c.customer_id)
            .join(STRATEGIES, STRATEGIES.c.id == TOUCHES.c.strategy_id)
        )
        .where(
            TASKS.c.assignee_id == user_id,
            TASKS.c.status == "open",
            TASKS.c.state == "active",
            TOUCHES.c.state == "open",
            TOUCHES.c.anchor_on.is_(None),
            STRATEGIES.c.on_top.is_(False),
            TOUCHES.c.planned_on > today,
            TASKS.c.due_on == func.coalesce(TOUCHES.c.levelled_on, TOUCHES.c.planned_on),
        )
    )
    return database.session.execute(statement).mappings().all()


def _ranked(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """The rows with the places of their tiers: the highest is 0, those without one come last."""
    tiers = settings.choices(f"{TIERS}{settings.get(SCHEME)}")
    ranks = {choice.key: place for place, choice in enumerate(tiers)}
    return [(row, ranks.get(row["tier"], len(ranks))) for row in rows]


def _of_row(row: Row, rank: int) -> Movable:
    return Movable(id=row["id"], planned=row["planned_on"], before=row["before_on"], rank=rank)


def _fixed(user_id: int, moving: Collection[int], today: date) -> dict[date, int]:
    """How many other tasks a person has on each day ahead."""
    statement = select(TASKS.c.id, TASKS.c.due_on).where(
        TASKS.c.assignee_id == user_id,
        TASKS.c.status == "open",
        TASKS.c.state == "active",
        TASKS.c.due_on > today,
    )
    found = database.session.execute(statement)
    return dict(Counter(row.due_on for row in found if row.id not in moving))


def _write(moved: Sequence[tuple[Row, date]]) -> None:
    if not moved:
        return
    tasks, touches = {}, []
    for row, day in moved:
        own = row["planned_on"]
        tasks[row["task_id"]] = {"due_on": day, "reason": _reason(row, None if day == own else own)}
        touches.append({"row": row["id"], "day": None if day == own else day})
    records.update_many(Task, tasks)
    database.session.connection().execute(
        update(TOUCHES)
        .where(TOUCHES.c.id == bindparam("row"))
        .values(levelled_on=bindparam("day")),
        touches,
    )
    changed({row["customer_id"] for row, _day in moved})


def _reason(row: Row, own: date | None) -> dict[str, Any]:
    """Why the task is there, with the day on which there was too much to do."""
    reason = row["reason"] or {}
    params = {**reason.get("params", {}), "levelled": own.isoformat() if own else None}
    return {**reason, "params": params}
