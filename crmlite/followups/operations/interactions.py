"""Writing down what was said with a customer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crmlite.accounts.queries import sees_customers_of
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.facts import refresh
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations.planning import (
    DONE,
    PROMISE,
    TaskDraft,
    close_many,
    row_of,
)
from crmlite.followups.operations.starts import settle
from crmlite.work import Actor, Gone, current, operation, records, tell

CUSTOMERS = Customer.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What the customer was told would be done, by a day or a moment."""

    what: str
    due_on: date
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InteractionDraft:
    """An interaction to be written down.

    `done_by_id` is who had the contact, when that is not the one who writes; `done_by_name` names
    somebody without a login. `closes` are tasks that this contact fulfils, `start_id` is the begun
    contact that it was.
    """

    customer_id: int
    kind: str
    content: str
    occurred_at: datetime
    direction: str = "out"
    contact_id: int | None = None
    minutes: int | None = None
    participants: str | None = None
    done_by_id: int | None = None
    done_by_name: str | None = None
    feedback: str | None = None
    answered: bool = True
    answered_at: datetime | None = None
    result: str | None = None
    quotation_sent: bool = False
    next_step: TaskDraft | None = None
    promises: tuple[Promise, ...] = ()
    closes: tuple[int, ...] = ()
    start_id: int | None = None


@operation("interaction_logged")
def log_interaction(draft: InteractionDraft, *, by: Actor, at: datetime) -> dict[str, int]:
    """Write an interaction down; answers `{"id", "operation"}`.

    The next step and each promise become tasks that hang on it, of whoever had the contact; tasks that
    the contact fulfils are done by it, unless they were done or dropped before.
    """
    done_by = draft.done_by_id
    if done_by is None and not draft.done_by_name:
        done_by = by.user_id
    interaction_id = records.insert(
        Interaction,
        {
            "customer_id": draft.customer_id,
            "contact_id": draft.contact_id,
            "kind": draft.kind,
            "direction": draft.direction,
            "occurred_at": draft.occurred_at,
            "recorded_at": at,
            "minutes": draft.minutes,
            "participants": draft.participants,
            "done_by_id": done_by,
            "done_by_name": draft.done_by_name,
            "recorded_by_id": by.user_id,
            "content": draft.content,
            "feedback": draft.feedback,
            "answered": draft.answered,
            "answered_at": draft.answered_at,
            "result": draft.result,
            "quotation_sent": draft.quotation_sent,
            "state": "active",
        },
    )
    close_many(draft.closes, DONE, by=by, at=at, customer_id=draft.customer_id)
    if draft.promises or draft.next_step:
        whose = _who_goes_on(draft.customer_id, done_by, by.user_id)
        tasks = _follow_ups(draft, interaction_id, whose)
        records.insert_many(Task, [row_of(draft.customer_id, task, by) for task in tasks])
    settle(
        draft.customer_id,
        interaction_id,
        user_ids=(done_by, by.user_id),
        kind=draft.kind,
        occurred_at=draft.occurred_at,
        named=draft.start_id,
    )
    refresh([draft.customer_id])
    tell("interaction_logged", interaction_id=interaction_id, customer_id=draft.customer_id)
    return {"id": interaction_id, "operation": current().id}


def _who_goes_on(customer_id: int, done_by: int | None, wrote: int | None) -> int | None:
    """Whose that is which follows from a contact: who had it, who wrote it down, the customer's owner;
    the first of them who sees the customer, since nobody else would find it."""
    wanted = select(CUSTOMERS.c.owner_id).where(CUSTOMERS.c.id == customer_id)
    owner_id = database.session.execute(wanted).scalar()
    asked = (done_by, wrote, owner_id)
    return next((one for one in asked if sees_customers_of(one, owner_id)), done_by)


def _follow_ups(
    draft: InteractionDraft, interaction_id: int, whose: int | None
) -> Iterator[TaskDraft]:
    """The tasks that follow from a contact; its promises first."""
    for promise in draft.promises:
        yield TaskDraft(
            kind=PROMISE,
            what=promise.what,
            due_on=promise.due_on,
            due_at=promise.due_at,
            interaction_id=interaction_id,
            assignee_id=whose,
        )
    step = draft.next_step
    if step is not None:
        yield replace(step, interaction_id=interaction_id, assignee_id=step.assignee_id or whose)


@operation("interaction_updated")
def update_interaction(
    interaction_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Correct an interaction; answers the id of the operation, 0 when nothing changed.

    When it was first written down stays as it is. Raises Stale, Gone.
    """
    customer_id = customer_of(Interaction, interaction_id)
    if not records.update(Interaction, interaction_id, values, version=version):
        return 0
    refresh([customer_id])
    tell("customer_changed", customer_id=customer_id)
    return current().id


@operation("interaction_deleted")
def delete_interaction(interaction_id: int, *, by: Actor, at: datetime) -> int:
    """Move an interaction to the recycle bin."""
    customer_id = customer_of(Interaction, interaction_id)
    records.update(Interaction, interaction_id, {"state": "deleted"})
    refresh([customer_id])
    tell("customer_changed", customer_id=customer_id)
    return current().id


def customer_of(model: type, record_id: int) -> int:
    """The customer that an interaction or task belongs to. Raises Gone."""
    table = model.__table__
    found = database.session.execute(
        select(table.c.customer_id).where(table.c.id == record_id)
    ).scalar()
    if found is None:
        raise Gone(str(table.info["record"]), record_id)
    return int(found)
