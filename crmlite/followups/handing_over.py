"""Open next steps and promises go along when a customer gets another owner."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from crmlite.customers.following import OwnerChange
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.reasons import reason_stays
from crmlite.work import current, records
from crmlite.work.ledger import OperationRow


def go_along(changes: Sequence[OwnerChange]) -> None:
    """Give the open next steps and promises that the earlier owners have at their customers to the new
    ones. What a case asks for stays with whoever is on the case.

    An undo has put back who had which step: then only those planned since go along.
    """
    customers: dict[tuple[int | None, int | None], list[int]] = {}
    for change in changes:
        customers.setdefault((change.before, change.after), []).append(change.customer_id)
    for (before, after), ids in customers.items():
        found = database.session.execute(_steps(ids, before))
        going = [task_id for task_id, reason in found if not reason_stays(reason)]
        records.update_many(Task, {task_id: {"assignee_id": after} for task_id in going})


def _steps(customer_ids: Sequence[int], assignee_id: int | None) -> Select[Any]:
    tasks, operations = Task.__table__, OperationRow.__table__
    statement = select(tasks.c.id, tasks.c.reason).where(
        tasks.c.customer_id.in_(customer_ids),
        tasks.c.status == "open",
        tasks.c.state == "active",
        tasks.c.kind != "case",
        tasks.c.assignee_id.is_not_distinct_from(assignee_id),
    )
    if undone := current().undoes:
        since = select(operations.c.at).where(operations.c.id == undone).scalar_subquery()
        statement = statement.where(tasks.c.created_at > since)
    return statement
