"""What a week leaves to be done: its tasks, whom people talked with, and who went through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, or_, select

from crmlite.access import Reader, visible_to
from crmlite.access.readers import everything
from crmlite.agenda.models import SweptWeek
from crmlite.agenda.queries.items import COLUMNS, IN_ORDER
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.models import Interaction, Task

Row = Mapping[str, Any]
TASKS, TALKS = Task.__table__, Interaction.__table__
CUSTOMERS, FACTS = Customer.__table__, Facts.__table__
SWEPT = SweptWeek.__table__
DAY = timedelta(days=1)
REACH = timedelta(days=366)  # how long something may have been overdue to count as done this week


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the firm, from Monday to Sunday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week of a day."""
        return cls(day - day.weekday() * DAY)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + 6 * DAY

    @property
    def following(self) -> "Week":
        """The one after it."""
        return Week(self.monday + 7 * DAY)

    @property
    def before(self) -> "Week":
        """The one before it."""
        return Week(self.monday - 7 * DAY)

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.monday, time(), firm_zone())

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.monday + 7 * DAY, time(), firm_zone())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is with a week: tasks still open and closed in it, customers talked with and how
    many of these lack a need or a next step."""

    still: int = 0
    closed: int = 0
    talked: int = 0
    lacking: int = 0

    @property
    def total(self) -> int:
        """How many things the week asks for."""
        return self.still + self.closed + self.talked

    @property
    def done(self) -> int:
        """How many of them are done."""
        return self.closed + self.talked - self.lacking


def still_open(reader: Reader, user_id: int, week: Week, most: int) -> Sequence[Row]:
    """The open tasks of a person that were due by the end of a week, the earliest first."""
    statement = _tasks(reader, [user_id], week, *COLUMNS).where(TASKS.c.status == "open")
    ordered = statement.order_by(TASKS.c.due_on, *IN_ORDER).limit(most)
    return database.session.execute(ordered).mappings().all()


def lacking(reader: Reader, user_id: int, week: Week, most: int) -> Sequence[Row]:
    """The customers with whom a person really talked in a week and who lack an open need or a next
    step: `number`, `name`, `owner_id`, `last_at`, `open_needs`, `next_step_on`."""
    statement = (
        _talks(
            reader,
            [user_id],
            week,
            CUSTOMERS.c.number,
            CUSTOMERS.c.name,
            CUSTOMERS.c.owner_id,
            FACTS.c.open_needs,
            FACTS.c.next_step_on,
            func.max(TALKS.c.occurred_at).label("last_at"),
        )
        .where(_lacks())
        .group_by(
            CUSTOMERS.c.number,
            CUSTOMERS.c.name,
            CUSTOMERS.c.owner_id,
            FACTS.c.open_needs,
            FACTS.c.next_step_on,
        )
    )
    ordered = statement.order_by(func.max(TALKS.c.occurred_at), CUSTOMERS.c.number).limit(most)
    return database.session.execute(ordered).mappings().all()


def progress(reader: Reader, people: Sequence[int], week: Week) -> dict[int, Progress]:
    """How far each of these people is with a week, as far as the reader sees it: two statements."""
    is_open = TASKS.c.status == "open"
    counted = _tasks(
        reader,
        people,
        week,
        TASKS.c.assignee_id,
        func.sum(case((is_open, 1), else_=0)),
        func.sum(case((is_open, 0), else_=1)),
    ).where(or_(is_open, _closed_in(week)))
    tasks = {
        user_id: (int(still), int(closed))
        for user_id, still, closed in database.session.execute(
            counted.group_by(TASKS.c.assignee_id)
        )
    }
    talked = _talks(
        reader,
        people,
        week,
        TALKS.c.done_by_id,
        func.count(distinct(TALKS.c.customer_id)),
        func.count(distinct(case((_lacks(), TALKS.c.customer_id)))),
    ).group_by(TALKS.c.done_by_id)
    talks = {
        user_id: (int(all_of), int(bad))
        for user_id, all_of, bad in database.session.execute(talked)
    }
    return {
        user_id: Progress(*tasks.get(user_id, (0, 0)), *talks.get(user_id, (0, 0)))
        for user_id in people
    }


def swept(people: Sequence[int], week: Week) -> dict[int, Row]:
    """Who of these people has gone through a week, with when that was."""
    statement = select(SWEPT).where(SWEPT.c.week_on == week.monday, SWEPT.c.user_id.in_(people))
    return {row["user_id"]: row for row in database.session.execute(statement).mappings()}


def busy(people: Sequence[int], week: Week) -> set[int]:
    """Those of these people whom a week still asks for something."""
    every = everything()
    still = _tasks(every, people, week, TASKS.c.assignee_id).where(TASKS.c.status == "open")
    lacking = _talks(every, people, week, TALKS.c.done_by_id).where(_lacks())
    found = (database.session.execute(one.distinct()).scalars() for one in (still, lacking))
    return {user_id for some in found for user_id in some}


def _tasks(reader: Reader, people: Sequence[int], week: Week, *columns: Any) -> Select[Any]:
    """Tasks due by the end of a week, at customers whom the reader sees. What cases ask for is done on
    their pages."""
    statement = (
        select(*columns)
        .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
        .where(
            TASKS.c.assignee_id.in_(people),
            TASKS.c.status.in_(("open", "done", "dropped")),
            TASKS.c.due_on <= week.sunday,
            TASKS.c.state == "active",
            TASKS.c.kind != "case",
        )
    )
    return visible_to(reader, statement, by_id=True)


def _closed_in(week: Week) -> ColumnElement[bool]:
    return and_(
        TASKS.c.due_on >= week.monday - REACH,
        TASKS.c.closed_at >= week.since,
        TASKS.c.closed_at < week.until,
    )


def _talks(reader: Reader, people: Sequence[int], week: Week, *columns: Any) -> Select[Any]:
    """Real contacts of a week, at customers whom the reader sees."""
    statement = (
        select(*columns)
        .select_from(
            TALKS.join(CUSTOMERS, CUSTOMERS.c.id == TALKS.c.customer_id).join(
                FACTS, FACTS.c.customer_id == CUSTOMERS.c.id
            )
        )
        .where(
            TALKS.c.done_by_id.in_(people),
            TALKS.c.occurred_at >= week.since,
            TALKS.c.occurred_at < week.until,
            TALKS.c.state == "active",
            TALKS.c.answered.is_(True),
        )
    )
    return visible_to(reader, statement, by_id=True)


def _lacks() -> ColumnElement[bool]:
    return or_(FACTS.c.open_needs == 0, FACTS.c.next_step_on.is_(None))
