"""Interactions of a customer, for its timeline and its forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from crmlite.customers import hanging
from crmlite.customers.models import Contact
from crmlite.customers.queries import part
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task

Row = Mapping[str, Any]
PREFIX = "interaction"


def interaction(interaction_id: int, customer_id: int) -> Row:
    """An interaction of this customer; 404 when it is not one."""
    return part(Interaction, interaction_id, customer_id)


def interactions_before(
    customer_id: int, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Row]:
    """Interactions newest first, with whom and the next step they led to, from a moment and key
    on."""
    table, contacts, tasks = Interaction.__table__, Contact.__table__, Task.__table__
    steps = (
        select(
            tasks.c.interaction_id,
            tasks.c.what.label("step"),
            tasks.c.due_on.label("step_on"),
            tasks.c.status.label("step_status"),
            tasks.c.closed_at.label("step_closed_at"),
            tasks.c.closed_by_id.label("step_closed_by_id"),
        )
        .where(tasks.c.customer_id == customer_id, tasks.c.state == "active")
        .subquery()
    )
    statement = (
        select(
            table,
            contacts.c.name.label("contact_name"),
            steps.c.step,
            steps.c.step_on,
            steps.c.step_status,
            steps.c.step_closed_at,
            steps.c.step_closed_by_id,
        )
        .select_from(
            table.outerjoin(contacts, contacts.c.id == table.c.contact_id).outerjoin(
                steps, steps.c.interaction_id == table.c.id
            )
        )
        .where(table.c.customer_id == customer_id, table.c.state == "active")
        .order_by(table.c.occurred_at.desc(), table.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(further(table.c.occurred_at, table.c.id, PREFIX, *before))
    return database.session.execute(statement).mappings().all()


def further(moment: Any, row_id: Any, prefix: str, at: datetime, key: str) -> Any:
    """Rows that come after a moment and key of the stream, newest first."""
    kind, _, number = key.rpartition("-")
    if kind == prefix and number.isdigit():
        return or_(moment < at, and_(moment == at, row_id < int(number)))
    return moment <= at if prefix < kind else moment < at


def contact_names(customer_id: int) -> list[tuple[int, str]]:
    """The contacts of a customer by id and name, the main one first."""
    return [(row["id"], row["name"]) for row in hanging.contacts(customer_id)]
