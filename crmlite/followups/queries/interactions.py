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
        statement = statement.where(_further(table, PREFIX, *before))
    return database.session.execute(statement).mappings().all()


def _further(table: Any, prefix: str, at: datetime, key: str) -> Any:
    """Rows that come after a moment and key of the stream, newest first."""
    kind, _, number = key.rpartition("-")
    if kind == prefix and number.isdigit():
        return or_(
            table.c.occurred_at < at,
            and_(table.c.occurred_at == at, table.c.id < int(number)),
        )
    return table.c.occurred_at <= at if prefix < kind else table.c.occurred_at < at


def contact_names(customer_id: int) -> list[tuple[int, str]]:
    """The contacts of a customer by id and name, the main one first."""
    return [(row["id"], row["name"]) for row in hanging.contacts(customer_id)]


def open_steps(customer_id: int) -> Sequence[Row]:
    """What is still to be done for a customer, the most urgent first."""
    table = Task.__table__
    return (
        database.session.execute(
            select(table)
            .where(
                table.c.customer_id == customer_id,
                table.c.status == "open",
                table.c.state == "active",
            )
            .order_by(table.c.due_on, table.c.id)
        )
        .mappings()
        .all()
    )
