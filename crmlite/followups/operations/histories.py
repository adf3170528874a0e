"""What was said and planned before the customers came into the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crmlite.followups.facts import refresh
from crmlite.followups.models import Interaction, Task
from crmlite.work import Actor, records

LONGEST_STEP = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class PastContact:
    """A contact as a file tells of it: when, and by whom (`done_by_name`: without a login)."""

    customer_id: int
    kind: str
    content: str
    occurred_at: datetime
    done_by_id: int | None = None
    done_by_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStep:
    """What a file says is to be done next."""

    customer_id: int
    what: str
    due_on: date
    assignee_id: int | None = None


def add_histories(
    contacts: Sequence[PastContact],
    steps: Sequence[PlannedStep],
    *,
    counted: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Write down follow-ups and next steps of many customers; belongs inside an operation. `counted`
    says that the facts of these know of them already (`facts.of_first`)."""
    records.insert_many(
        Interaction,
        [
            {
                "customer_id": one.customer_id,
                "kind": one.kind,
                "occurred_at": one.occurred_at,
                "recorded_at": at,
                "done_by_id": one.done_by_id,
                "done_by_name": one.done_by_name,
                "recorded_by_id": by.user_id,
                "content": one.content,
                "answered": True,
                "imported": True,
            }
            for one in contacts
        ],
    )
    records.insert_many(
        Task,
        [
            {
                "customer_id": one.customer_id,
                "what": one.what,
                "due_on": one.due_on,
                "assignee_id": one.assignee_id,
                "planned_by_id": by.user_id,
            }
            for one in steps
        ],
    )
    if not counted:
        refresh(sorted({one.customer_id for one in (*contacts, *steps)}))
