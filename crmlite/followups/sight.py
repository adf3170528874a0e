"""Which tasks somebody sees: those of customers whom they see, and what is asked of them by something
else that they see, such as a case of a customer whom they do not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, false, func, or_, select

from crmlite import hooks
from crmlite.access import Reader, visible_to
from crmlite.access.permissions import ALL
from crmlite.access.scope import owned_by
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task

TASKS, CUSTOMERS = Task.__table__, Customer.__table__
WRITTEN = Interaction.__table__
SEE = "customers:see"


@dataclass(frozen=True, slots=True)
class TaskSight:
    """Tasks that hang on something else besides their customer.

    `condition(reader)` is the condition on tasks (`crmlite.followups.models.Task`) that they hang on
    something which the reader sees. Who sees a task in this way alone is shown nothing of its customer.
    `written(reader)` selects the ids of interactions that were written down there.
    """

    name: str
    condition: Callable[[Reader], ColumnElement[bool]]
    written: Callable[[Reader], Select[Any]] | None = None


def reached(reader: Reader) -> ColumnElement[bool]:
    """The condition that a task hangs on something else that a reader sees."""
    found = [one.condition(reader) for one in hooks.gathered("register_task_sights")]
    return or_(false(), *found)


def seen(reader: Reader, statement: Select[Any], *, own: bool = True) -> Select[Any]:
    """The statement, whose FROMs include tasks and their customers, limited to tasks that a reader
    sees; with `own`, of those that hang on something else only to what is asked of the reader."""
    if reader.scope(SEE) == ALL:
        return visible_to(reader, statement, by_id=True)
    beside = reached(reader)
    if own:
        beside = and_(TASKS.c.assignee_id == reader.user_id, beside)
    state = func.coalesce(CUSTOMERS.c.state, "")
    return statement.where(
        or_(owned_by(reader, CUSTOMERS, SEE, by_id=True), beside), state == "active"
    )


def sees(reader: Reader, task_id: int, owner_id: int | None) -> bool:
    """Whether somebody sees a task of a customer with this owner."""
    if reader.covers(SEE, owner_id):
        return True
    wanted = select(TASKS.c.id).where(TASKS.c.id == task_id, reached(reader))
    return database.session.execute(wanted).first() is not None


def own_ids(reader: Reader, right: str) -> Select[Any]:
    """The ids of the tasks that are asked of a reader by something else that they see; with a right that
    they hold."""
    return _held(reader, right, TASKS, TASKS.c.assignee_id == reader.user_id, reached(reader))


def own_written_ids(reader: Reader, right: str) -> Select[Any]:
    """The same of the interactions that a reader wrote down at something else that they see."""
    sights = hooks.gathered("register_task_sights")
    found = [WRITTEN.c.id.in_(one.written(reader)) for one in sights if one.written is not None]
    mine = WRITTEN.c.recorded_by_id == reader.user_id
    return _held(reader, right, WRITTEN, mine, or_(false(), *found))


def _held(reader: Reader, right: str, table: Table, *where: ColumnElement[bool]) -> Select[Any]:
    statement = select(table.c.id).where(*where)
    return statement if not right or reader.may(right) else statement.where(false())
