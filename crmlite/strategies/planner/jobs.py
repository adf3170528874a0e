"""When plans are made: soon after a customer changed, and every night for the whole book."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text, update

from crmlite import clock
from crmlite.customers.models import Customer, Facts
from crmlite.customers.tags.rules import PLANNED
from crmlite.extensions import database
from crmlite.jobs.queue import Lease, enqueue_once
from crmlite.strategies.planner.levelling import level_all, level_for
from crmlite.strategies.planner.writing import plan_for
from crmlite.work import Actor, operation

SOON, ALL = "plan-soon", "plan-everybody"
BATCH = 500
BATCHES = 20  # about five seconds: others in the queue wait so long
FACTS, CUSTOMERS = Facts.__table__, Customer.__table__


def are_due() -> bool:
    """Whether customers were changed for whom no plan was made since."""
    return database.session.execute(_due().limit(1)).first() is not None


def _due() -> Select[Any]:
    return select(FACTS.c.customer_id).where(text("plan_due"))  # as the index says it


def have_all_planned() -> None:
    """Have everybody's plan made anew; belongs inside the operation that makes it necessary. In a book
    without customers there is none."""
    if database.session.execute(select(CUSTOMERS.c.id).limit(1)).first() is not None:
        enqueue_once(ALL)


def plan_due(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Make the plans of customers that were changed, or of so many that others get their turn: the
    next job goes on."""
    people: set[int] = set()
    for _ in range(BATCHES):
        if not _plan_due(people, lease, by=by, at=clock.now()):
            break
    level_for(people, lease, by=by)


@operation(PLANNED)
def _plan_due(people: set[int], lease: Lease, *, by: Actor, at: datetime) -> int:
    """One batch; answers how many customers there were, and adds the people whose plans changed."""
    lease.renew()
    ids = list(
        database.session.execute(_due().order_by(FACTS.c.customer_id).limit(BATCH)).scalars()
    )
    if ids:
        people.update(one for one in plan_for(ids, by=by, at=at).people if one is not None)
        _done(ids)
    return len(ids)


def plan_all(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Make the plan of everybody, in short batches, then level what each has to do."""
    last = 0
    while last := _plan_after(last, lease, by=by, at=clock.now()):
        pass
    level_all({}, by=by, at=at, lease=lease)


@operation(PLANNED)
def _plan_after(after: int, lease: Lease, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last customer of it, 0 when there are no more."""
    lease.renew()
    wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.id > after).order_by(CUSTOMERS.c.id)
    ids = list(database.session.execute(wanted.limit(BATCH)).scalars())
    if not ids:
        return 0
    plan_for(ids, by=by, at=at)
    _done(ids)
    return ids[-1]


def _done(customer_ids: list[int]) -> None:
    """Note that these customers have their plan. At the end of a batch: where somebody changed one
    meanwhile it is the planner that begins again, and not the person who has to wait."""
    database.session.execute(
        update(FACTS).where(FACTS.c.customer_id.in_(customer_ids)).values(plan_due=False)
    )
