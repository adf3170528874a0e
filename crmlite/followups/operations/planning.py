"""Tasks as other rooms make and change them, inside their own operations: planned, moved, closed.

What is done or dropped stays as it is: whoever comes second changes nothing, and is told so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmlite.accounts.queries import is_here
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.facts import refresh
from crmlite.followups.models import Task
from crmlite.rules.repeating import Repeat
from crmlite.settings.queries import local_day
from crmlite.work import Actor, Gone, records, tell

Row = Mapping[str, Any]
TABLE, CUSTOMERS = Task.__table__, Customer.__table__
NEXT_STEP, TOUCH, PROMISE, CASE = "next-step", "touch", "promise", "case"
DONE, DROPPED = "done", "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskDraft:
    """A task to be planned: what, by when, and by whom (None: whoever plans it).

    `kind` is next-step, touch, promise or case. `due_on` is a day at the firm; a moment `due_at` has its own.
    `repeat` is what `Repeat.stored` answers, `reason` `{"code", "params"}` of a TaskReason,
    `interaction_id` the contact that it follows from.
    """

    what: str
    kind: str = NEXT_STEP
    due_on: date | None = None
    due_at: datetime | None = None
    channel: str | None = None
    assignee_id: int | None = None
    remind_at: datetime | None = None
    repeat: Mapping[str, Any] | None = None
    reason: Mapping[str, Any] | None = None
    interaction_id: int | None = None


def plan(customer_id: int, draft: TaskDraft, *, by: Actor, at: datetime) -> int:
    """Plan a task of a customer; answers its id. Belongs inside an operation."""
    task_id = records.insert(Task, row_of(customer_id, draft, by))
    changed([customer_id])
    return task_id


def row_of(customer_id: int, draft: TaskDraft, by: Actor) -> dict[str, Any]:
    """The columns of a task to be planned. Raises ValueError for one without a day."""
    due_on = local_day(draft.due_at) if draft.due_at else draft.due_on
    if due_on is None:
        raise ValueError("a task has a day")
    return {
        "customer_id": customer_id,
        "interaction_id": draft.interaction_id,
        "kind": draft.kind,
        "status": "open",
        "state": "active",
        "what": draft.what,
        "channel": draft.channel,
        "due_on": due_on,
        "due_at": draft.due_at,
        "remind_at": draft.remind_at,
        "repeat": dict(draft.repeat) if draft.repeat else None,
        "reason": dict(draft.reason) if draft.reason else None,
        "assignee_id": draft.assignee_id or by.user_id,
        "planned_by_id": by.user_id,
    }


def replan(
    task_id: int, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> bool:
    """Change columns of an open task; whether anything changed. Belongs inside an operation.

    With a moment the day follows. With a day alone the moment moves to the same time on it;
    the reminder, unless it is given, goes along by as many days. Raises Stale, Gone.
    """
    row = task_row(task_id)
    if row["status"] != "open":
        return False
    if not records.update(Task, task_id, together(row, values), version=version):
        return False
    changed([row["customer_id"]])
    return True


def close(
    task_id: int, status: str, *, by: Actor, at: datetime, outcome: str | None = None
) -> bool:
    """Close an open task as `done` or `dropped`; whether it was open. One that comes again is planned
    anew when it is done. Belongs inside an operation. Raises Gone."""
    task_row(task_id)
    return bool(close_many([task_id], status, by=by, at=at, outcome=outcome))


def close_many(
    task_ids: Iterable[int],
    status: str,
    *,
    by: Actor,
    at: datetime,
    outcome: str | None = None,
    customer_id: int | None = None,
) -> list[int]:
    """The same for many tasks, perhaps only those of one customer; answers the ids of those that were
    open."""
    closed: list[Row] = []
    for some in records.chunks(sorted(set(task_ids))):
        statement = select(TABLE).where(
            TABLE.c.id.in_(some), TABLE.c.status == "open", TABLE.c.state == "active"
        )
        if customer_id is not None:
            statement = statement.where(TABLE.c.customer_id == customer_id)
        closed += database.session.execute(statement).mappings()
    values = {"status": status, "closed_at": at, "closed_by_id": by.user_id}
    if outcome:
        values["outcome"] = outcome
    records.update_many(Task, {row["id"]: values for row in closed})
    if status == DONE:
        again = [row for row in closed if row["repeat"]]
        whose = _who_next(again)
        records.insert_many(Task, [_next(row, whose[row["id"]], by, at) for row in again])
    changed(row["customer_id"] for row in closed)
    return [row["id"] for row in closed]


def move_many(
    task_ids: Iterable[int], due_on: date, *, more: Mapping[str, Any] | None = None
) -> list[int]:
    """Put open tasks on a day, each with its moment and reminder, and give them `more` columns;
    answers the ids of those that changed. Belongs inside an operation."""
    rows: list[Row] = []
    for some in records.chunks(sorted(set(task_ids))):
        statement = select(TABLE).where(
            TABLE.c.id.in_(some), TABLE.c.status == "open", TABLE.c.state == "active"
        )
        rows += database.session.execute(statement).mappings()
    wanted = {row["id"]: together(row, {"due_on": due_on, **(more or {})}) for row in rows}
    moved = set(records.update_many(Task, wanted))
    changed(row["customer_id"] for row in rows if row["id"] in moved)
    return sorted(moved)


def task_row(task_id: int) -> Row:
    """A task as it is stored. Raises Gone."""
    found = database.session.execute(select(TABLE).where(TABLE.c.id == task_id)).mappings().first()
    if found is None:
        raise Gone("task", task_id)
    return found


def changed(customer_ids: Iterable[int]) -> None:
    """Have everything follow from changed tasks of these customers, and tell of it."""
    ids = sorted(set(customer_ids))
    refresh(ids)
    for customer_id in ids:
        tell("customer_changed", customer_id=customer_id)


def planned(customer_ids: Iterable[int]) -> None:
    """Have everything follow from tasks that were planned for these customers by their strategies, and
    tell of all at once."""
    ids = sorted(set(customer_ids))
    if ids:
        refresh(ids)
        tell("customers_planned", customer_ids=ids)


def together(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with those that go along: day, moment and reminder belong together."""
    wanted = dict(values)
    if wanted.get("due_at"):
        wanted["due_on"] = local_day(wanted["due_at"])
    if wanted.get("due_on", row["due_on"]) == row["due_on"]:
        return wanted
    days, zone = (wanted["due_on"] - row["due_on"]).days, firm_zone()
    if "due_at" not in wanted and row["due_at"] is not None:
        wanted["due_at"] = shifted(row["due_at"], days, zone)
    if "remind_at" not in wanted and row["remind_at"] is not None:
        wanted["remind_at"] = shifted(row["remind_at"], days, zone)
    return wanted


def shifted(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time on the clock on the wall, so many days later."""
    local = moment.astimezone(zone)
    day, wall = local.date() + timedelta(days=days), local.time()
    return datetime.combine(day, wall, zone).astimezone(moment.tzinfo)


def _who_next(rows: Sequence[Row]) -> dict[int, int | None]:
    """Whose the task after each of these is, by its id: that of the same person, for one who left the
    customer's owner's. Where the owner left, too, it stays, and a hand-over takes it along."""
    whose: dict[int, int | None] = {row["id"]: row["assignee_id"] for row in rows}
    left = {
        row["id"]: row["customer_id"]
        for row in rows
        if row["assignee_id"] and not is_here(row["assignee_id"])
    }
    owners: dict[int, int] = {}
    for some in records.chunks(set(left.values())):
        wanted = select(CUSTOMERS.c.id, CUSTOMERS.c.owner_id).where(CUSTOMERS.c.id.in_(some))
        found = database.session.execute(wanted)
        owners |= {customer_id: owner_id for customer_id, owner_id in found if is_here(owner_id)}
    return whose | {one: owners[customer] for one, customer in left.items() if customer in owners}


def _next(row: Row, assignee_id: int | None, by: Actor, at: datetime) -> dict[str, Any]:
    """The task that comes after one that repeats."""
    repeat = Repeat.read(row["repeat"]).following(local_day(at))
    moved = together(row, {"due_on": repeat.day})
    kept = ("customer_id", "kind", "what", "channel", "due_at", "remind_at", "reason")
    return {
        **{name: row[name] for name in kept},
        **moved,
        "assignee_id": assignee_id,
        "status": "open",
        "state": "active",
        "repeat": repeat.stored(),
        "planned_by_id": by.user_id,
    }
