"""Telling people of tasks: reminders when they are due, and promises that are late, once each."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crmlite import clock
from crmlite.access.permissions import ALL
from crmlite.accounts.queries import people, reader_of, teams
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.deadlines import deadline, firm_zone, next_alert
from crmlite.followups.models import Task
from crmlite.followups.sight import sees
from crmlite.notifications import Notice
from crmlite.notifications.operations import notify
from crmlite.settings.queries import local_day
from crmlite.work import Actor

Row = Mapping[str, Any]
KIND = "tell-of-tasks"
REMINDER, LATE, NUDGE = "task-reminder", "promise-late", "task-nudge"
AT_ONCE = 200
TASKS, CUSTOMERS = Task.__table__, Customer.__table__


def are_due() -> bool:
    """Whether somebody is to be told of a task."""
    due = select(TASKS.c.id).where(TASKS.c.alert_at <= clock.now()).limit(1)
    return database.session.execute(due).first() is not None


def tell_due(_payload: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Tell of the tasks that are due to be told of, some at a time. Belongs inside an operation: that
    people were told is kept together with it."""
    rows = _due(at)
    zone = firm_zone()
    notify([notice for row in rows for notice in _notices(row, at)], by=by, at=at)
    told = [
        {"row": row["id"], "told": at, "next": next_alert({**row, "alerted_at": at}, zone)}
        for row in rows
    ]
    if told:
        database.session.connection().execute(
            update(TASKS)
            .where(TASKS.c.id == bindparam("row"))
            .values(alerted_at=bindparam("told"), alert_at=bindparam("next")),
            told,
        )


def nudge(task: Row, *, by: Actor, at: datetime) -> int:
    """Remind a colleague of a task of theirs, once a day; answers how many were told."""
    if task["assignee_id"] is None:
        return 0
    key = f"{NUDGE}:{task['id']}:{by.user_id}:{local_day(at).isoformat()}"
    notice = Notice(task["assignee_id"], NUDGE, _params(task), key)
    return int(notify([notice], by=by, at=at))


def risen_to(task: Row) -> set[int]:
    """Whom a late promise (`id`, `assignee_id`, its customer's `owner_id`) rises to: those who lead the
    person in a team and see it; where there are none, everyone who looks at everybody's Today and sees
    it."""
    assignee_id = task["assignee_id"]
    leads = {
        team.lead_id
        for team in teams()
        if assignee_id in team.member_ids and team.lead_id not in (None, assignee_id)
    }
    found = {user_id for user_id in leads if user_id and _sees(user_id, task)}
    if found:
        return found
    return {
        user_id
        for user_id in people()
        if user_id != assignee_id and _sees(user_id, task, looking=True)
    }


def _sees(user_id: int, task: Row, *, looking: bool = False) -> bool:
    reader = reader_of(user_id)
    if reader is None or (looking and reader.scope("today:others") != ALL):
        return False
    return sees(reader, task["id"], task["owner_id"])


def _due(at: datetime) -> list[Row]:
    names = "id kind status state due_on due_at remind_at alerted_at assignee_id reason".split()
    statement = (
        select(
            *(TASKS.c[name] for name in names),
            CUSTOMERS.c.number,
            CUSTOMERS.c.owner_id,
            CUSTOMERS.c.state.label("customer_state"),
        )
        .select_from(TASKS.join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id))
        .where(TASKS.c.alert_at <= at)
        .order_by(TASKS.c.alert_at, TASKS.c.id)
        .limit(AT_ONCE)
    )
    return list(database.session.execute(statement).mappings())


def _notices(row: Row, at: datetime) -> Iterator[Notice]:
    """Whom to tell what of a task, as it stands now."""
    if row["status"] != "open" or row["state"] != "active" or row["customer_state"] != "active":
        return
    remind_at, assignee = row["remind_at"], row["assignee_id"]
    if _is_news(row, remind_at, at) and assignee and _sees(assignee, row):
        key = f"{REMINDER}:{row['id']}:{remind_at.isoformat()}"
        yield Notice(assignee, REMINDER, _params(row), key)
    if row["kind"] != "promise":
        return
    until = deadline(row["due_on"], row["due_at"], firm_zone())
    if _is_news(row, until, at):
        key = f"{LATE}:{row['id']}:{until.isoformat()}"
        for user_id in sorted(risen_to(row)):
            yield Notice(user_id, LATE, _params(row), key)


def _is_news(row: Row, moment: datetime | None, at: datetime) -> bool:
    """Whether a moment has come since people were last told of the task."""
    told = row["alerted_at"]
    return moment is not None and moment <= at and (told is None or moment > told)


def _params(row: Row) -> dict[str, Any]:
    return {"task": row["id"], "number": row["number"], "reason": row["reason"]}
