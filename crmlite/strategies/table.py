"""The strategy table: for each customer its strategies, with goal, touches and next dates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from crmlite.accounts.queries import person_name
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.rules.strategies import Touch
from crmlite.strategies.models import Followed, PlannedTouch, Strategy, StrategyVersion
from crmlite.strategies.queries import touches_of
from crmlite.strategies.wording import cadence_words, channel_words, executor_words
from crmlite.wording import N_, label

CUSTOMERS, FACTS, TASKS = Customer.__table__, Facts.__table__, Task.__table__
FOLLOWED, STRATEGIES = Followed.__table__, Strategy.__table__
TOUCHES, VERSIONS = PlannedTouch.__table__, StrategyVersion.__table__

Row = Mapping[str, Any]
TITLE = N_("Strategy table")
HEADINGS: Mapping[str, str] = {
    "number": N_("Customer number"),
    "name": N_("Customer"),
    "strategy": N_("Strategy"),
    "goal": N_("Goal"),
    "touch": N_("Touch"),
    "cadence": N_("How often"),
    "channel": N_("Channel"),
    "content": N_("Content"),
    "executor": N_("Who"),
    "next_on": N_("Next"),
}
"""What stands above the columns of a file, by the names of what a line has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableLine:
    """One touch of one customer, in the reader's words. `next_on` is the day of its task, None where
    none is planned yet; `version` names the version of the strategy that the plan was made by."""

    number: str
    name: str
    strategy: str
    goal: str
    version: int
    touch: str
    cadence: str
    channel: str
    content: str
    executor: str
    next_on: date | None


def table_of(customer_ids: Sequence[int]) -> list[TableLine]:
    """The lines of some customers, in their order: the main strategy first, touches as they stand in
    it, what comes on top once it is planned. Whom no strategy serves has none. Who asks has made sure
    that the reader sees them."""
    customers = {row["id"]: row for row in _customers(customer_ids)}
    tasks = _tasks(customer_ids)
    served: dict[int, list[Row]] = {}
    for row in _served(customer_ids):
        served.setdefault(row["customer_id"], []).append(row)
    return [
        line
        for customer_id in customer_ids
        if customer_id in customers
        for strategy in served.get(customer_id, ())
        for line in _lines(customers[customer_id], strategy, tasks)
    ]


def _lines(
    customer: Row, strategy: Row, tasks: Mapping[tuple[int, int, str], Row]
) -> Iterator[TableLine]:
    for touch in touches_of(strategy["content"]["touches"]):
        task = tasks.get((customer["id"], strategy["strategy_id"], touch.name))
        if task is None and strategy["on_top"]:
            continue
        yield TableLine(
            number=customer["number"],
            name=customer["name"],
            strategy=label(strategy["content"]["label"]),
            goal=label(strategy["content"]["goal"]),
            version=strategy["number"],
            touch=label(touch.label),
            cadence=cadence_words(touch.cadence),
            channel=_channel(touch, task),
            content=label(touch.about(customer["core_need"])),
            executor=person_name(task["assignee_id"]) if task else executor_words(touch.executor),
            next_on=task["due_on"] if task else None,
        )


def _channel(touch: Touch, task: Row | None) -> str:
    return channel_words(task["channel"] if task and task["channel"] else touch.channel)


def _customers(customer_ids: Sequence[int]) -> Sequence[Row]:
    statement = (
        select(CUSTOMERS.c.id, CUSTOMERS.c.number, CUSTOMERS.c.name, FACTS.c.core_need)
        .outerjoin(FACTS, FACTS.c.customer_id == CUSTOMERS.c.id)
        .where(CUSTOMERS.c.id.in_(customer_ids))
    )
    return database.session.execute(statement).mappings().all()


def _served(customer_ids: Sequence[int]) -> Sequence[Row]:
    statement = (
        select(
            FOLLOWED.c.customer_id,
            FOLLOWED.c.strategy_id,
            VERSIONS.c.number,
            VERSIONS.c.content,
            STRATEGIES.c.on_top,
        )
        .join(STRATEGIES, STRATEGIES.c.id == FOLLOWED.c.strategy_id)
        .join(VERSIONS, VERSIONS.c.id == FOLLOWED.c.version_id)
        .where(FOLLOWED.c.customer_id.in_(customer_ids))
        .order_by(STRATEGIES.c.on_top, STRATEGIES.c.priority.desc(), STRATEGIES.c.id)
    )
    return database.session.execute(statement).mappings().all()


def _tasks(customer_ids: Sequence[int]) -> dict[tuple[int, int, str], Row]:
    """The open tasks of the plan by customer, strategy and touch."""
    is_open = and_(TOUCHES.c.state == "open", TASKS.c.status == "open", TASKS.c.state == "active")
    statement = (
        select(
            TOUCHES.c.customer_id,
            TOUCHES.c.strategy_id,
            TOUCHES.c.touch,
            *(TASKS.c[name] for name in ("due_on", "assignee_id", "channel")),
        )
        .join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
        .where(TOUCHES.c.customer_id.in_(customer_ids), is_open)
    )
    return {
        (row["customer_id"], row["strategy_id"], row["touch"]): row
        for row in database.session.execute(statement).mappings()
    }
