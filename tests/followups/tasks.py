"""Tasks for tests: planned by somebody, and as they are stored."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import TaskDraft, add_task
from crmlite.testing import person_id
from crmlite.work import Actor

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday, 12:00 in Shanghai


def person(login: str) -> Actor:
    """Somebody who acts."""
    return Actor("person", login, person_id(login))


def planned(customer: Any, who: str = "sales", at: datetime | None = None, **draft: Any) -> int:
    """Plan a task of somebody; answers its id."""
    given = {"what": "Call", "assignee_id": person_id(who), **draft}
    moment = at or clock.now()
    if "due_at" not in given:
        given.setdefault("due_on", moment.date())
    made = add_task(customer["id"], TaskDraft(**given), by=person("manager"), at=moment)
    return int(made["id"])


def stored(task_id: int) -> Any:
    """A task as it is stored."""
    database.session.rollback()
    table = Task.__table__
    return database.session.execute(select(table).where(table.c.id == task_id)).mappings().one()


def all_tasks() -> list[Any]:
    """All tasks in the order in which they were made."""
    database.session.rollback()
    table = Task.__table__
    return list(database.session.execute(select(table).order_by(table.c.id)).mappings())
