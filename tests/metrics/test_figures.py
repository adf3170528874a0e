"""Figures: what each counts, row by row, and that they are what a plain count of the rows is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import insert, select

from crmlite.extensions import database
from crmlite.followups import deadlines
from crmlite.followups.models import Interaction, Task
from crmlite.metrics.declaring import Metric, Share, Span
from crmlite.metrics.definitions import METRICS, plan, promises, written
from crmlite.metrics.queries import rows, shares
from crmlite.rules.periods import Period
from crmlite.rules.planning import DONE, LAPSED, LEFT_OUT, WITHDRAWN
from crmlite.rules.promptness import is_late
from crmlite.strategies.models import PlannedTouch, Strategy, StrategyVersion
from crmlite.testing import person_id
from tests.followups.conftest import add_customer

TASKS, TALKS, TOUCHES = Task.__table__, Interaction.__table__, PlannedTouch.__table__
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)  # a Friday, 12:00 in Shanghai
MARCH = Period(kind="month", first=date(2026, 3, 1), last=date(2026, 3, 31))
SPAN = Span(MARCH, ZONE, NOW)
HOUR = timedelta(hours=1)


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of March in Shanghai."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def day(number: int) -> date:
    return date(2026, 3, number)


@pytest.fixture
def customer_id(inside: Flask) -> int:
    return int(add_customer("sales", "Calder Ltd")["id"])


def put_task(customer_id: int, **values: Any) -> int:
    """A task as it stands in the table."""
    given = {
        "customer_id": customer_id,
        "kind": "promise",
        "what": "Quote",
        "state": "active",
        "status": "open",
        "assignee_id": person_id("sales"),
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
        **values,
    }
    connection = database.session.connection()
    return int(connection.execute(insert(TASKS).values(**given)).inserted_primary_key[0])


def put_talk(customer_id: int, occurred_at: datetime, recorded_at: datetime, **values: Any) -> None:
    given = {
        "customer_id": customer_id,
        "kind": "phone",
        "direction": "out",
        "content": "Said",
        "occurred_at": occurred_at,
        "recorded_at": recorded_at,
        "done_by_id": person_id("sales"),
        "state": "active",
        "answered": True,
        "quotation_sent": False,
        "imported": False,
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
        **values,
    }
    database.session.connection().execute(insert(TALKS).values(**given))


def put_touch(customer_id: int, **values: Any) -> None:
    """A planned touch with its task, closed by nobody."""
    strategy = Strategy.__table__
    version = StrategyVersion.__table__
    row = database.session.execute(
        select(strategy.c.id, version.c.id)
        .join(version, version.c.strategy_id == strategy.c.id)
        .order_by(strategy.c.id)
    ).first()
    assert row is not None
    serial = put_task(customer_id, kind="touch", what="Call", due_on=values["planned_on"])
    given = {
        "customer_id": customer_id,
        "strategy_id": row[0],
        "version_id": row[1],
        "touch": f"call{serial}",
        "task_id": serial,
        "executor_id": person_id("sales"),
        "before_on": values["planned_on"] + timedelta(days=30),
        "state": "open",
        **values,
    }
    database.session.connection().execute(insert(TOUCHES).values(**given))


def figure(metric: Metric, who: str = "sales", span: Span = SPAN) -> tuple[int, int]:
    found = shares(metric, [person_id(who)], span).get(person_id(who), Share())
    return found.kept, found.total


@pytest.mark.parametrize(
    ("promise", "counts"),
    [
        ({"due_on": day(5), "status": "done", "closed_at": at(5, 23, 59)}, (1, 1)),
        ({"due_on": day(5), "status": "done", "closed_at": at(6, 0, 1)}, (0, 1)),
        ({"due_on": day(5), "due_at": at(5, 9), "status": "done", "closed_at": at(5, 9)}, (1, 1)),
        ({"due_on": day(5), "due_at": at(5, 9), "status": "done", "closed_at": at(5, 10)}, (0, 1)),
        ({"due_on": day(5), "status": "done", "closed_at": at(1)}, (1, 1)),  # long before
        ({"due_on": day(5), "status": "done"}, (1, 1)),  # nobody knows when
        ({"due_on": day(5)}, (0, 1)),  # still open
        ({"due_on": day(20)}, (0, 0)),  # today is not over
        ({"due_on": day(20), "due_at": at(20, 9)}, (0, 1)),  # but that moment is
        ({"due_on": day(25), "status": "done", "closed_at": at(19)}, (0, 0)),  # not due yet
        ({"due_on": date(2026, 2, 28), "status": "done", "closed_at": at(1)}, (0, 0)),
        ({"due_on": day(5), "status": "dropped", "closed_at": at(4)}, (0, 0)),  # withdrawn
        ({"due_on": day(5), "status": "dropped", "closed_at": at(8)}, (0, 1)),  # late, then dropped
        ({"due_on": day(5), "state": "deleted"}, (0, 0)),
        ({"due_on": day(5), "kind": "next-step"}, (0, 0)),
        ({"due_on": day(5), "assignee_id": None}, (0, 0)),
    ],
)
def test_which_promises_count_and_which_were_kept(
    customer_id: int, promise: Mapping[str, Any], counts: tuple[int, int]
) -> None:
    put_task(customer_id, **promise)
    assert figure(promises.METRIC) == counts


@pytest.mark.parametrize(
    ("touch", "counts"),
    [
        ({"planned_on": day(5), "state": DONE, "ended_on": day(5)}, (1, 1)),
        ({"planned_on": day(5), "state": DONE, "ended_on": day(3)}, (1, 1)),
        ({"planned_on": day(5), "state": DONE, "ended_on": day(6)}, (0, 1)),
        ({"planned_on": day(5)}, (0, 1)),
        ({"planned_on": day(20)}, (0, 0)),  # today is not over
        ({"planned_on": day(5), "state": LEFT_OUT, "ended_on": day(4)}, (0, 1)),
        ({"planned_on": day(5), "state": LAPSED, "ended_on": day(9)}, (0, 1)),
        ({"planned_on": day(5), "state": WITHDRAWN, "ended_on": day(5)}, (0, 0)),
        ({"planned_on": day(5), "state": WITHDRAWN, "ended_on": day(6)}, (0, 1)),
        # levelled: the later day counts
        ({"planned_on": day(5), "levelled_on": day(9), "state": DONE, "ended_on": day(9)}, (1, 1)),
        ({"planned_on": day(5), "levelled_on": day(9), "state": DONE, "ended_on": day(10)}, (0, 1)),
        ({"planned_on": date(2026, 2, 27), "levelled_on": day(3)}, (0, 1)),
        ({"planned_on": day(18), "levelled_on": day(23)}, (0, 0)),
        ({"planned_on": date(2026, 2, 27)}, (0, 0)),
        ({"planned_on": day(5), "executor_id": None}, (0, 0)),
    ],
)
def test_which_touches_count_and_which_were_fulfilled(
    customer_id: int, touch: Mapping[str, Any], counts: tuple[int, int]
) -> None:
    put_touch(customer_id, **touch)
    assert figure(plan.METRIC) == counts


@pytest.mark.parametrize(
    ("hours", "more", "counts"),
    [
        (0, {}, (1, 1)),
        (24, {}, (1, 1)),
        (24.01, {}, (0, 1)),
        (300, {"imported": True}, (0, 0)),
        (1, {"state": "deleted"}, (0, 0)),
        (1, {"done_by_id": None}, (0, 0)),
        (1, {"answered": False}, (1, 1)),
    ],
)
def test_which_contacts_count_and_which_were_written_in_time(
    customer_id: int, hours: float, more: Mapping[str, Any], counts: tuple[int, int]
) -> None:
    put_talk(customer_id, at(5), at(5) + hours * HOUR, **more)
    assert figure(written.METRIC) == counts


def test_a_period_ends_with_its_last_day_at_the_firm(customer_id: int) -> None:
    put_talk(customer_id, at(1, 0), at(1, 1))
    put_talk(customer_id, at(1, 0) - timedelta(minutes=1), at(1, 1))
    put_talk(customer_id, at(31, 23, 59), at(31, 23, 59))
    put_talk(customer_id, at(31, 23, 59) + timedelta(minutes=1), at(31, 23, 59))
    assert figure(written.METRIC) == (2, 2)


def test_where_the_clocks_are_put_forward_a_day_ends_at_its_midnight(customer_id: int) -> None:
    london = Span(MARCH, ZoneInfo("Europe/London"), datetime(2026, 4, 2, tzinfo=UTC))
    put_task(
        customer_id,
        due_on=day(28),
        status="done",
        closed_at=datetime(2026, 3, 28, 23, 59, tzinfo=UTC),
    )
    put_task(
        customer_id,
        due_on=day(30),
        status="done",
        closed_at=datetime(2026, 3, 30, 22, 59, tzinfo=UTC),
    )
    put_task(
        customer_id,
        due_on=day(30),
        status="done",
        closed_at=datetime(2026, 3, 30, 23, 1, tzinfo=UTC),
    )
    assert figure(promises.METRIC, span=london) == (2, 3)


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_are_what_a_plain_count_of_the_rows_is(customer_id: int, seed: int) -> None:
    chance = Random(seed)
    people = [person_id("sales"), person_id("sales2"), person_id("support")]
    for _turn in range(120):
        fill(customer_id, chance, people)
    wanted = plain(people)
    for metric in METRICS.values():
        found = shares(metric, people, SPAN)
        assert {who: (one.kept, one.total) for who, one in found.items()} == wanted[metric.name]
        listed = rows(metric, people, SPAN, missed=False, limit=1000, offset=0)
        counted = sum(total for _kept, total in wanted[metric.name].values())
        assert len(listed) == counted and len({row["id"] for row in listed}) == counted
        late = rows(metric, people, SPAN, missed=True, limit=1000, offset=0)
        assert {row["id"] for row in late} == {row["id"] for row in listed if not row["kept"]}


def fill(customer_id: int, chance: Random, people: list[int]) -> None:
    """One row of each kind, at any day around March."""

    def some_day() -> date:
        return date(2026, 2, 20) + timedelta(days=chance.randrange(45))

    def moment() -> datetime:
        return datetime.combine(some_day(), time(), UTC) + timedelta(
            minutes=chance.randrange(24 * 60)
        )

    due_at = chance.choice([None, moment()])
    put_task(
        customer_id,
        kind=chance.choice(["promise", "promise", "next-step"]),
        assignee_id=chance.choice(people),
        status=(status := chance.choice(["open", "done", "done", "dropped"])),
        due_on=due_at.astimezone(ZONE).date() if due_at else some_day(),
        due_at=due_at,
        closed_at=None if status == "open" else moment(),
    )
    began = moment()
    put_talk(
        customer_id,
        began,
        began + HOUR * chance.choice([0, 3, 23, 25, 70]),
        done_by_id=chance.choice(people),
        imported=chance.random() < 0.2,
    )
    planned_on = some_day()
    put_touch(
        customer_id,
        executor_id=chance.choice(people),
        planned_on=planned_on,
        levelled_on=chance.choice([None, planned_on + timedelta(days=chance.randrange(1, 9))]),
        state=(state := chance.choice(["open", DONE, DONE, LEFT_OUT, LAPSED, WITHDRAWN])),
        ended_on=None if state == "open" else planned_on + timedelta(days=chance.randrange(-3, 9)),
    )


def plain(people: list[int]) -> dict[str, dict[int, tuple[int, int]]]:
    """The same figures, counted row by row in Python, by the rules that the rest of the book goes by."""
    found: dict[str, dict[int, tuple[int, int]]] = {"written": {}, "promises": {}, "plan": {}}

    def count(name: str, who: int, kept: bool) -> None:
        before = found[name].get(who, (0, 0))
        found[name][who] = (before[0] + kept, before[1] + 1)

    for row in database.session.execute(select(TALKS)).mappings():
        if not row["imported"] and SPAN.since <= row["occurred_at"] < SPAN.until:
            in_time = not is_late(row["occurred_at"], row["recorded_at"])
            count("written", row["done_by_id"], in_time)
    for row in database.session.execute(select(TASKS)).mappings():
        until = deadlines.deadline(row["due_on"], row["due_at"], ZONE)
        is_due = MARCH.first <= row["due_on"] <= MARCH.last and until <= NOW
        standing = deadlines.standing(row, NOW, ZONE)
        withdrawn = standing == deadlines.DROPPED and row["closed_at"] <= until
        if row["kind"] == "promise" and is_due and not withdrawn:
            count("promises", row["assignee_id"], standing == deadlines.KEPT)
    for row in database.session.execute(select(TOUCHES)).mappings():
        due = row["levelled_on"] or row["planned_on"]
        withdrawn = row["state"] == WITHDRAWN and row["ended_on"] <= due
        if MARCH.first <= due < SPAN.today and not withdrawn:
            count("plan", row["executor_id"], row["state"] == DONE and row["ended_on"] <= due)
    return found
