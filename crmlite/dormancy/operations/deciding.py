"""What people decide about customers at rest: archived, kept, brought back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from crmlite import settings
from crmlite.accounts.queries import is_here
from crmlite.customers.models import Customer
from crmlite.customers.operations import revive_customer
from crmlite.customers.operations.bulk import BulkChange, change_many
from crmlite.dormancy.models import CleanupLine
from crmlite.dormancy.operations.noting import note
from crmlite.dormancy.words import in_firms_language
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import TaskDraft, changed, row_of
from crmlite.rules.dormancy import RESTING
from crmlite.settings.queries import local_day
from crmlite.work import Actor, current, operation, records
from crmlite.work.batches import Outcome

REACTIVATION = "reactivation"
LINES, CUSTOMERS = CleanupLine.__table__, Customer.__table__
STEPS = (
    {"en": "Call: how things are, and what has changed", "zh": "电话问候：了解近况与变化"},
    {"en": "Offer something that fits what they bought", "zh": "结合过往合作给出合适的方案"},
    {"en": "Ask for the next step", "zh": "确认下一步合作"},
)


def archive_listed(
    customer_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Outcome:
    """Archive customers of the list, those that still rest."""
    resting: list[int] = []
    for ids in records.chunks(customer_ids):
        wanted = select(CUSTOMERS.c.id).where(
            CUSTOMERS.c.id.in_(ids),
            CUSTOMERS.c.state == "active",
            CUSTOMERS.c.lifecycle.in_(RESTING),
        )
        resting += database.session.execute(wanted.order_by(CUSTOMERS.c.id)).scalars()
    change = BulkChange(values={"state": "archived"})
    return change_many(resting, change, by=by, at=at, form_key=form_key)


@operation("cleanup_kept")
def keep_listed(quarter: str, customer_ids: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Keep customers as they are until the next list; answers the id of the operation, 0 when nothing
    changed."""
    kept: list[int] = []
    for ids in records.chunks(customer_ids):
        wanted = select(LINES.c.id).where(
            LINES.c.quarter == quarter, LINES.c.customer_id.in_(ids), LINES.c.keep.is_(False)
        )
        found = database.session.execute(wanted).scalars().all()
        kept += records.update_many(CleanupLine, {key: {"keep": True} for key in found})
    return current().id if kept else 0


@operation("customer_reactivated")
def reactivate(customer_id: int, *, by: Actor, at: datetime) -> int:
    """Bring an archived customer back, and begin the plan that wins it back: some tasks of the owner, or
    of whoever brought it back where there is none who still works here. Answers the id of the operation,
    0 when it was not archived."""
    row = database.session.execute(
        select(CUSTOMERS.c.state, CUSTOMERS.c.owner_id).where(CUSTOMERS.c.id == customer_id)
    ).first()
    if row is None or row.state != "archived":
        return 0
    revive_customer(customer_id, by=by, at=at)
    note([customer_id], kept_at=at, rested_at=at)
    today, owner_id = local_day(at), row.owner_id if is_here(row.owner_id) else None
    drafts = [
        TaskDraft(
            what=in_firms_language(words),
            due_on=today + timedelta(days=days),
            channel="phone",
            assignee_id=owner_id,
            reason={"code": REACTIVATION, "params": {}},
        )
        for words, days in zip(STEPS, reactivation_days(), strict=True)
    ]
    records.insert_many(Task, [row_of(customer_id, draft, by) for draft in drafts])
    changed([customer_id])
    return current().id


def reactivation_days() -> list[int]:
    """After how many days the steps of the plan come."""
    return [int(settings.get(f"reactivation_{name}")) for name in ("first", "second", "third")]
