"""Writing down what was said with a customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.followups.facts import refresh
from crmlite.followups.models import Interaction, Task
from crmlite.work import Actor, Gone, current, operation, records, tell


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """What is to be done next, until when and by whom (None: whoever writes it down)."""

    what: str
    due_on: date
    channel: str | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InteractionDraft:
    """An interaction to be written down.

    `done_by_id` is who had the contact, when that is not the one who writes; `done_by_name` names
    somebody without a login. `closes` are tasks that this contact fulfils.
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
    next_step: NextStep | None = None
    closes: tuple[int, ...] = ()


@operation("interaction_logged")
def log_interaction(draft: InteractionDraft, *, by: Actor, at: datetime) -> dict[str, int]:
    """Write an interaction down; answers `{"id", "operation"}`.

    The next step becomes a task; tasks that the contact fulfils are done by it, unless they were
    done or dropped before.
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
            "state": "active",
        },
    )
    done = {"status": "done", "closed_at": at, "closed_by_id": by.user_id}
    records.update_many(Task, dict.fromkeys(_open(draft), done))
    step = draft.next_step
    if step is not None:
        records.insert(
            Task,
            {
                "customer_id": draft.customer_id,
                "interaction_id": interaction_id,
                "kind": "next-step",
                "status": "open",
                "state": "active",
                "what": step.what,
                "channel": step.channel,
                "due_on": step.due_on,
                "assignee_id": step.assignee_id or done_by or by.user_id,
                "planned_by_id": by.user_id,
            },
        )
    refresh([draft.customer_id])
    tell("interaction_logged", interaction_id=interaction_id, customer_id=draft.customer_id)
    return {"id": interaction_id, "operation": current().id}


def _open(draft: InteractionDraft) -> list[int]:
    """The tasks of the customer that a contact closes."""
    table = Task.__table__
    found = select(table.c.id).where(
        table.c.id.in_(draft.closes),
        table.c.customer_id == draft.customer_id,
        table.c.status == "open",
        table.c.state == "active",
    )
    return list(database.session.execute(found).scalars())


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
