"""Interactions of a customer, for its timeline and its forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from crmlite.customers import hanging
from crmlite.customers.models import Contact
from crmlite.customers.queries import part
from crmlite.extensions import database
from crmlite.files.queries import number_of
from crmlite.followups.models import Interaction, Task

Row = Mapping[str, Any]
PREFIX = "interaction"
TALKS, TASKS, PEOPLE = Interaction.__table__, Task.__table__, Contact.__table__
TOLD = ("id", "kind", "what", "due_on", "due_at", "status", "closed_at", "closed_by_id", "outcome")
FILES = number_of("interaction", TALKS.c.id).label("files")
OF_TASK = tuple(TASKS.c[name].label(f"task_{name}") for name in TOLD)


def interaction(interaction_id: int, customer_id: int) -> Row:
    """An interaction of this customer; 404 when it is not one."""
    return part(Interaction, interaction_id, customer_id)


def interactions_before(
    customer_id: int, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Row]:
    """Interactions newest first, each with whom and the `tasks` that follow from it (promises first,
    in the order in which they were made), from a moment and key on. One statement."""
    newest = (
        select(TALKS.c.id)
        .where(TALKS.c.customer_id == customer_id, TALKS.c.state == "active")
        .order_by(TALKS.c.occurred_at.desc(), TALKS.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        newest = newest.where(further(TALKS.c.occurred_at, TALKS.c.id, PREFIX, *before))
    told = newest.subquery()
    following = and_(TASKS.c.interaction_id == TALKS.c.id, TASKS.c.state == "active")
    statement = (
        select(TALKS, PEOPLE.c.name.label("contact_name"), FILES, *OF_TASK)
        .select_from(
            told.join(TALKS, TALKS.c.id == told.c.id)
            .outerjoin(PEOPLE, PEOPLE.c.id == TALKS.c.contact_id)
            .outerjoin(TASKS, following)
        )
        .order_by(TALKS.c.occurred_at.desc(), TALKS.c.id.desc(), TASKS.c.kind.desc(), TASKS.c.id)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in database.session.execute(statement).mappings():
        one = found.setdefault(row["id"], {**row, "tasks": []})
        if row["task_id"] is not None:
            one["tasks"].append({name: row[f"task_{name}"] for name in TOLD})
    return list(found.values())


def further(moment: Any, row_id: Any, prefix: str, at: datetime, key: str) -> Any:
    """Rows that come after a moment and key of the stream, newest first."""
    kind, _, number = key.rpartition("-")
    if kind == prefix and number.isdigit():
        return or_(moment < at, and_(moment == at, row_id < int(number)))
    return moment <= at if prefix < kind else moment < at


def contact_names(customer_id: int) -> list[tuple[int, str]]:
    """The contacts of a customer by id and name, the main one first."""
    return [(row["id"], row["name"]) for row in hanging.contacts(customer_id)]
