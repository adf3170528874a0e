"""Next steps of people, for Today."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort
from sqlalchemy import case, func, select

from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task

Row = Mapping[str, Any]
SHOWN = 100  # lines of a band; the rest is counted


def step(task_id: int, reader: Reader, permission: str = "tasks:edit") -> Row:
    """A next step with its customer's number, of a customer on which the reader holds a right;
    404 when there is none."""
    tasks, customers = Task.__table__, Customer.__table__
    statement = (
        select(
            tasks,
            customers.c.number,
            customers.c.name.label("customer_name"),
            customers.c.owner_id,
        )
        .select_from(tasks.join(customers, customers.c.id == tasks.c.customer_id))
        .where(tasks.c.id == task_id, tasks.c.state == "active")
    )
    row = (
        database.session.execute(visible_to(reader, statement, permission=permission))
        .mappings()
        .first()
    )
    if row is None:
        abort(404)
    return row


def due(
    reader: Reader, assignees: Sequence[int], today: date, until: date, limit: int = SHOWN
) -> Sequence[Row]:
    """Open next steps of these people up to a day, the oldest first, with why they are there.

    At most `limit` each of those overdue, due today and due later.
    """
    tasks, customers = Task.__table__, Customer.__table__
    facts, talks = Facts.__table__, Interaction.__table__
    band = case((tasks.c.due_on < today, 0), (tasks.c.due_on == today, 1), else_=2)
    place = func.row_number().over(partition_by=band, order_by=(tasks.c.due_on, tasks.c.id))
    statement = (
        select(
            tasks.c.id,
            tasks.c.what,
            tasks.c.channel,
            tasks.c.due_on,
            tasks.c.assignee_id,
            customers.c.number,
            customers.c.name,
            customers.c.tier,
            customers.c.lifecycle,
            facts.c.last_contact_at,
            talks.c.kind.label("from_kind"),
            talks.c.occurred_at.label("from_at"),
            place.label("place"),
        )
        .select_from(
            tasks.join(customers, customers.c.id == tasks.c.customer_id)
            .join(facts, facts.c.customer_id == customers.c.id)
            .outerjoin(talks, talks.c.id == tasks.c.interaction_id)
        )
        .where(
            tasks.c.assignee_id.in_(assignees),
            tasks.c.status == "open",
            tasks.c.state == "active",
            tasks.c.due_on <= until,
        )
    )
    found = visible_to(reader, statement).subquery()
    shown = select(found).where(found.c.place <= limit).order_by(found.c.due_on, found.c.id)
    return database.session.execute(shown).mappings().all()


def counted(
    reader: Reader, assignees: Sequence[int], today: date, week_end: date
) -> dict[int, Row]:
    """For each of these people: how many next steps are overdue, due today and this week, at
    customers whom the reader sees."""
    tasks, customers = Task.__table__, Customer.__table__
    late = func.sum(case((tasks.c.due_on < today, 1), else_=0))
    now = func.sum(case((tasks.c.due_on == today, 1), else_=0))
    soon = func.sum(case(((tasks.c.due_on > today) & (tasks.c.due_on <= week_end), 1), else_=0))
    later = func.sum(case((tasks.c.due_on > week_end, 1), else_=0))
    statement = (
        select(
            tasks.c.assignee_id,
            late.label("late"),
            now.label("today"),
            soon.label("week"),
            later.label("later"),
        )
        .select_from(tasks.join(customers, customers.c.id == tasks.c.customer_id))
        .where(
            tasks.c.assignee_id.in_(assignees),
            tasks.c.status == "open",
            tasks.c.state == "active",
        )
        .group_by(tasks.c.assignee_id)
    )
    rows = database.session.execute(visible_to(reader, statement)).mappings()
    return {row["assignee_id"]: row for row in rows}


def record_keeping(
    people: Sequence[int], since: datetime, limit: timedelta
) -> dict[int, list[tuple[datetime, bool]]]:
    """For each of these people their contacts since a moment: when, and whether it was written
    down in time."""
    table = Interaction.__table__
    found: dict[int, list[tuple[datetime, bool]]] = {user_id: [] for user_id in people}
    rows = database.session.execute(
        select(table.c.done_by_id, table.c.occurred_at, table.c.recorded_at).where(
            table.c.done_by_id.in_(people),
            table.c.occurred_at >= since,
            table.c.state == "active",
            table.c.imported.is_(False),
        )
    )
    for user_id, occurred_at, recorded_at in rows:
        found[user_id].append((occurred_at, recorded_at - occurred_at <= limit))
    return found


def unplanned(reader: Reader, owners: Sequence[int], limit: int = 6) -> Sequence[Row]:
    """Customers of these people who are worked with and have no next step, the longest without
    contact first."""
    customers, facts = Customer.__table__, Facts.__table__
    statement = (
        select(customers.c.number, customers.c.name, facts.c.last_contact_at)
        .select_from(customers.join(facts, facts.c.customer_id == customers.c.id))
        .where(
            customers.c.owner_id.in_(owners),
            customers.c.lifecycle.in_(("interested", "active")),
            facts.c.next_step_on.is_(None),
        )
        .order_by(facts.c.last_contact_at.asc().nulls_first(), customers.c.id)
        .limit(limit)
    )
    return database.session.execute(visible_to(reader, statement)).mappings().all()
