"""What follows from interactions and tasks: last contact, next step, how many, how soon customers
answer, when to tell of tasks."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update

from crmlite import clock, settings
from crmlite.calendars.queries import calendar_of
from crmlite.customers.models import Facts
from crmlite.customers.tags.rules import have_looked_at
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone, next_alert
from crmlite.followups.models import Interaction, Task
from crmlite.rules import answers
from crmlite.rules.answers import Approach
from crmlite.work.operations import current, is_running
from crmlite.work.records import chunks

NONE = {
    "interactions": 0,
    "last_contact_at": None,
    "last_contact_kind": None,
    "last_contact_said": None,
    "last_contact_by_id": None,
    "next_step_on": None,
    "next_step": None,
    "asked": 0,
    "answer_days": None,
    "waiting_days": None,
    "answers_until": None,
}
SPEED = ("asked", "answer_days", "waiting_days")  # what days change
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
        for customer_id, values in _answers(ids).items():
            found[customer_id] |= values
        _write(found)
        have_looked_at(ids)


def refresh_answers(customer_ids: Sequence[int]) -> None:
    """The same for how soon these customers answer: a day has passed, or is a working day no more."""
    for ids in chunks(sorted(set(customer_ids))):
        _write(_answers(ids))
        have_looked_at(ids)


def _write(found: dict[int, dict[str, Any]]) -> None:
    table, names = Facts.__table__, next(iter(found.values()))
    database.session.connection().execute(
        update(table)
        .where(table.c.customer_id == bindparam("row"))
        .values({name: bindparam(name) for name in names}),
        [{"row": customer_id, **values} for customer_id, values in found.items()],
    )


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


def _answers(customer_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How soon each of these customers answers when we get in touch. Contacts out of a file count
    not: nobody knows when those were answered."""
    table, zone = Interaction.__table__, firm_zone()
    today = settings.local_day(current().at if is_running() else clock.now())
    start = datetime.combine(today - answers.WINDOW, time.min, zone)
    theirs: dict[int, list[Approach]] = {customer_id: [] for customer_id in customer_ids}
    wanted = select(
        table.c.customer_id, table.c.occurred_at, table.c.answered, table.c.answered_at
    ).where(
        table.c.customer_id.in_(customer_ids),
        table.c.state == "active",
        table.c.occurred_at >= start,
        table.c.direction == "out",
        table.c.imported.is_(False),
    )
    for customer_id, began, answered, at in database.session.execute(wanted):
        day = began.astimezone(zone).date()
        came = at.astimezone(zone).date() if at else day  # answered during the contact itself
        theirs[customer_id].append(Approach(day, came if answered else None))
    works = calendar_of(None).works_on
    return {
        customer_id: _speed(answers.together(some, today, works))
        for customer_id, some in theirs.items()
    }


def _speed(found: answers.Answers) -> dict[str, Any]:
    """How soon a customer answers, by the columns of the facts."""
    return {
        "asked": found.asked,
        "answer_days": found.days,
        "waiting_days": found.waiting,
        "answers_until": found.until,
    }


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
