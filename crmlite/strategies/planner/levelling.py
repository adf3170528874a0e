"""Levels what people have to do: no day of a person takes more touches than the firm wants."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from crmlite import clock, settings
from crmlite.calendars.queries import calendar_of
from crmlite.customers.choices import choices as tier_choices
from crmlite.customers.models import Customer
from crmlite.customers.tags.rules import PLANNED
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import planned
from crmlite.jobs.queue import Lease, enqueue_once
from crmlite.rules.levelling import Movable, levelled
from crmlite.settings.queries import local_day
from crmlite.strategies.models import PlannedTouch, Strategy
from crmlite.work import Actor, operation, records

CAP, LEVEL = "tasks_per_day", "level-plans"
WORKING_DAYS = 5  # of a week, for what is said of a week
NOBODY = -1  # no id of a person
CUSTOMERS, TASKS = Customer.__table__, Task.__table__
TOUCHES, STRATEGIES = PlannedTouch.__table__, Strategy.__table__

BATCH = 500


def have_all_levelled() -> None:
    """Have everybody's plan levelled anew; belongs inside the operation that makes it necessary."""
    enqueue_once(LEVEL)


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


def level(user_id: int, *, by: Actor, at: datetime) -> int:
    """Level the plan of one person, in short batches; answers how many tasks were put on another day."""
    moves = _moves(user_id, by=by, at=at)
    starts = range(0, len(moves), BATCH)
    return sum(_put(moves[one : one + BATCH], user_id, by=by, at=at) for one in starts)


@operation(PLANNED)
def _moves(user_id: int, *, by: Actor, at: datetime) -> list[tuple[int, date]]:
    """Which planned touches of a person go to which day."""
    today = local_day(at)
    rows = database.session.execute(_movable(user_id, today)).all()
    ranks = {choice.key: place for place, choice in enumerate(_tiers())}
    days = levelled(
        (
            Movable(id=id_, planned=own, before=before, rank=ranks.get(tier, len(ranks)))
            for id_, own, before, _now, tier in rows
        ),
        _fixed(user_id, Counter(row[3] for row in rows), today),
        cap=settings.get(CAP),
        today=today,
        works_on=calendar_of(None).works_on,
    )
    return [(row[0], days[row[0]]) for row in rows if days[row[0]] != row[3]]


def _movable(user_id: int, today: date) -> Select[Any]:
    """The planned touches of a person that are still ahead and where the planner has put them: id, the
    day of the plan, that of the next one, the day now, and the tier. What happens and what is
    remembered has its day, and so has what somebody moved."""
    own = (TOUCHES.c.id, TOUCHES.c.planned_on, TOUCHES.c.before_on)
    return (
        select(*own, TASKS.c.due_on, CUSTOMERS.c.tier)
        .select_from(
            TOUCHES.join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
            .join(CUSTOMERS, CUSTOMERS.c.id == TOUCHES.c.customer_id)
            .join(STRATEGIES, STRATEGIES.c.id == TOUCHES.c.strategy_id)
        )
        .where(
            TASKS.c.assignee_id == user_id,
            TASKS.c.status == "open",
            TASKS.c.state == "active",
            TOUCHES.c.anchor_on.is_(None),
            STRATEGIES.c.on_top.is_(False),
            TOUCHES.c.planned_on > today,
            *_is_ours(),
        )
    )


def _is_ours() -> tuple[ColumnElement[bool], ...]:
    """Whether a touch stands where the planner has put it."""
    where = func.coalesce(TOUCHES.c.levelled_on, TOUCHES.c.planned_on)
    untimed = (TASKS.c.due_at.is_(None), TASKS.c.remind_at.is_(None))  # a time is a person's choice
    return (TOUCHES.c.state == "open", TASKS.c.due_on == where, *untimed)


def _tiers() -> Sequence[Any]:
    """The tiers in use, the highest first."""
    return tier_choices("tier")


def _fixed(user_id: int, moving: Mapping[date, int], today: date) -> dict[date, int]:
    """How many other tasks a person has on each day ahead."""
    statement = (
        select(TASKS.c.due_on, func.count())
        .where(
            TASKS.c.assignee_id == user_id,
            TASKS.c.status == "open",
            TASKS.c.state == "active",
            TASKS.c.due_on > today,
        )
        .group_by(TASKS.c.due_on)
    )
    found = database.session.execute(statement).all()
    return {day: count - moving.get(day, 0) for day, count in found}


@operation(PLANNED)
def _put(moves: Sequence[tuple[int, date]], user_id: int, *, by: Actor, at: datetime) -> int:
    """Put tasks on these days; what somebody changed meanwhile stays."""
    days = dict(moves)
    statement = (
        select(
            *(TOUCHES.c[name] for name in ("id", "task_id", "planned_on", "before_on")),
            TASKS.c.reason,
            TASKS.c.customer_id,
        )
        .join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
        .where(
            TOUCHES.c.id.in_(days),
            # in a way that no index serves: SQLite would look through all tasks of the person's day
            func.coalesce(TASKS.c.assignee_id, NOBODY) == user_id,
            *_is_ours(),
        )
    )
    tasks, touches, customers = {}, [], set()
    for row in database.session.execute(statement).mappings():
        own, day = row["planned_on"], days[row["id"]]
        if own <= day < row["before_on"]:
            reason = _reason(row, None if day == own else own)
            tasks[row["task_id"]] = {"due_on": day, "reason": reason}
            touches.append({"row": row["id"], "day": None if day == own else day})
            customers.add(row["customer_id"])
    records.update_many(Task, tasks)
    if touches:
        database.session.connection().execute(
            update(TOUCHES)
            .where(TOUCHES.c.id == bindparam("row"))
            .values(levelled_on=bindparam("day")),
            touches,
        )
    planned(customers)
    return len(touches)


def _reason(row: Mapping[str, Any], own: date | None) -> dict[str, Any]:
    """Why the task is there, with the day on which there was too much to do."""
    reason = row["reason"] or {}
    params = {**reason.get("params", {}), "levelled": own.isoformat() if own else None}
    return {**reason, "params": params}
