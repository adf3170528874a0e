"""What follows from interactions and tasks: last contact, next step, how many, when to tell of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update

from crmlite.customers.models import Facts
from crmlite.customers.tag_rules import have_looked_at
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone, next_alert
from crmlite.followups.models import Interaction, Task
from crmlite.work.records import chunks

NONE = {
    "interactions": 0,
    "last_contact_at": None,
    "last_contact_kind": None,
    "last_contact_said": None,
    "last_contact_by_id": None,
    "next_step_on": None,
    "next_step": None,
}
LONGEST = 200


def of_first(contact: Any, step: Any) -> dict[str, Any]:
    """What the facts say of a customer with one contact, or none, and one next step, or none."""
    found = dict(NONE)
    if contact is not None:
        found |= {"interactions": 1, **_last(contact)}
    if step is not None:
        found |= {"next_step_on": step.due_on, "next_step": step.what}
    return found


def _last(contact: Any) -> dict[str, Any]:
    """A contact in which the customer took part, as the last one."""
    return {
        "last_contact_at": contact.occurred_at,
        "last_contact_kind": contact.kind,
        "last_contact_said": " ".join(contact.content.split())[:LONGEST],
        "last_contact_by_id": contact.done_by_id,
    }


def refresh(customer_ids: Sequence[int]) -> None:
    """Count interactions, find the last contact and the next step of these customers again, and when
    somebody is to be told of their tasks."""
    for ids in chunks(sorted(set(customer_ids))):
        found: dict[int, dict[str, Any]] = {customer_id: dict(NONE) for customer_id in ids}
        _count(found)
        _find_last(found)
        _find_next(found)
        _set_alerts(ids)
        table = Facts.__table__
        database.session.connection().execute(
            update(table)
            .where(table.c.customer_id == bindparam("row"))
            .values({name: bindparam(name) for name in NONE}),
            [{"row": customer_id, **values} for customer_id, values in found.items()],
        )
        have_looked_at(ids)


def _count(found: dict[int, dict[str, Any]]) -> None:
    table = Interaction.__table__
    for customer_id, number in database.session.execute(
        select(table.c.customer_id, func.count())
        .where(table.c.customer_id.in_(found), table.c.state == "active")
        .group_by(table.c.customer_id)
    ):
        found[customer_id]["interactions"] = number


def _find_last(found: dict[int, dict[str, Any]]) -> None:
    """The newest contact in which the customer took part."""
    table = Interaction.__table__
    place = func.row_number().over(
        partition_by=table.c.customer_id, order_by=(table.c.occurred_at.desc(), table.c.id.desc())
    )
    newest = (
        select(
            table.c.customer_id,
            table.c.occurred_at,
            table.c.kind,
            table.c.content,
            table.c.done_by_id,
            place.label("place"),
        )
        .where(
            table.c.customer_id.in_(found),
            table.c.state == "active",
            table.c.answered.is_(True),
        )
        .subquery()
    )
    for row in database.session.execute(select(newest).where(newest.c.place == 1)):
        found[row.customer_id] |= _last(row)


def _find_next(found: dict[int, dict[str, Any]]) -> None:
    """The open step or promise that is due first. What a case asks for is no plan of ours."""
    table = Task.__table__
    place = func.row_number().over(
        partition_by=table.c.customer_id,
        order_by=(table.c.due_on, table.c.due_at.nulls_last(), table.c.id),
    )
    first = (
        select(table.c.customer_id, table.c.due_on, table.c.what, place.label("place"))
        .where(
            table.c.customer_id.in_(found),
            table.c.state == "active",
            table.c.status == "open",
            table.c.kind != "case",
        )
        .subquery()
    )
    for row in database.session.execute(select(first).where(first.c.place == 1)):
        found[row.customer_id] |= {"next_step_on": row.due_on, "next_step": row.what}


def _set_alerts(customer_ids: Sequence[int]) -> None:
    """When somebody is next to be told of each task: kept beside it so that whoever tells looks at
    those only that are due."""
    table = Task.__table__
    asks = and_(
        table.c.status == "open", or_(table.c.remind_at.is_not(None), table.c.kind == "promise")
    )
    found = database.session.execute(
        select(
            *(
                table.c[name]
                for name in (
                    "id kind status state due_on due_at remind_at alert_at alerted_at"
                ).split()
            )
        ).where(table.c.customer_id.in_(customer_ids), or_(asks, table.c.alert_at.is_not(None)))
    ).mappings()
    rows, zone = list(found), firm_zone()
    moved = [
        {"row": row["id"], "moment": moment}
        for row in rows
        if (moment := next_alert(row, zone)) != row["alert_at"]
    ]
    if moved:
        database.session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("row"))
            .values(alert_at=bindparam("moment")),
            moved,
        )
