"""Single tasks, and customers for whom none is planned."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort
from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Task

Row = Mapping[str, Any]


def step(task_id: int, reader: Reader, permission: str = "tasks:edit") -> Row:
    """A task with its customer's number, name, stage, status and version, of a customer on which the
    reader holds a right; 404 when there is none. What a case asks for is done on the case's page."""
    tasks, customers = Task.__table__, Customer.__table__
    beside = ("owner_id", "stage", "lifecycle")
    statement = (
        select(
            tasks,
            customers.c.number,
            customers.c.name.label("customer_name"),
            customers.c.status.label("customer_status"),
            customers.c.version.label("customer_version"),
            *(customers.c[name] for name in beside),
        )
        .select_from(tasks.join(customers, customers.c.id == tasks.c.customer_id))
        .where(tasks.c.id == task_id, tasks.c.state == "active", tasks.c.kind != "case")
    )
    row = (
        database.session.execute(visible_to(reader, statement, permission=permission))
        .mappings()
        .first()
    )
    if row is None:
        abort(404)
    return row


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
