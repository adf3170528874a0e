"""Asking owners to confirm what is new or changed about a customer: one open task for each, which lists
all of it, grows with further changes and is done when everything is confirmed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, or_, select, text, update

from crmlite import clock, settings
from crmlite.accounts.queries import ids_here
from crmlite.customers.confirming.lapsing import have_asked, unconfirmed
from crmlite.customers.models import Confirmation, Customer, Facts
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import DONE, TaskDraft, changed, close_many, row_of
from crmlite.jobs import Lease
from crmlite.rules.freshness import Item, counted
from crmlite.settings.queries import local_day
from crmlite.work import Actor, operation, records

SOON, AGAIN = "ask-to-confirm", "ask-to-confirm-again"
REASON = "confirm"
WHAT = {"en": "Confirm what is known of them", "zh": "核实客户资料"}
BATCH, BATCHES = 500, 20
FACTS, CUSTOMERS, TASKS = Facts.__table__, Customer.__table__, Task.__table__
CONFIRMATIONS = Confirmation.__table__

Row = Mapping[str, Any]


def are_due() -> bool:
    """Whether something changed about customers that is to be confirmed by somebody who is here."""
    return database.session.execute(_due().limit(1)).first() is not None


def _due() -> Select[Any]:
    """The customers of whom something changed. That of those with no owner who is here stays due, until one
    comes."""
    theirs = exists().where(
        CUSTOMERS.c.id == FACTS.c.customer_id,
        CUSTOMERS.c.state == "active",
        CUSTOMERS.c.owner_id.in_(ids_here()),
    )
    return select(FACTS.c.customer_id).where(text("confirm_due"), theirs)  # as the index says it


def ask_due(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Bring the tasks in line with what is unconfirmed, or so many that others get their turn."""
    for _ in range(BATCHES):
        if not _ask_some(lease, by=by, at=clock.now()):
            return


@operation("confirmations_asked")
def _ask_some(lease: Lease, *, by: Actor, at: datetime) -> int:
    lease.renew()
    session = database.session
    ids = list(session.execute(_due().order_by(FACTS.c.customer_id).limit(BATCH)).scalars())
    if ids:
        _ask(ids, by=by, at=at)
        session.execute(update(FACTS).where(FACTS.c.customer_id.in_(ids)).values(confirm_due=False))
    return len(ids)


def _ask(customer_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    wanted = unconfirmed(customer_ids, at)
    there = _open_tasks(customer_ids)
    owned = select(CUSTOMERS.c.id, CUSTOMERS.c.owner_id).where(CUSTOMERS.c.id.in_(customer_ids))
    owners = {row.id: row.owner_id for row in database.session.execute(owned)}
    close_many([row["id"] for one, row in there.items() if not wanted[one]], DONE, by=by, at=at)
    grown = {
        row["id"]: {"reason": reason_of(wanted[one])}
        for one, row in there.items()
        if wanted[one] and row["reason"] != reason_of(wanted[one])
    }
    records.update_many(Task, grown)
    due_on = local_day(at) + timedelta(days=int(settings.get("confirm_within")))
    fresh = [one for one in owners if wanted[one] and one not in there]
    records.insert_many(Task, [_task(one, owners[one], wanted[one], due_on, by) for one in fresh])
    changed([*fresh, *(one for one, row in there.items() if row["id"] in grown)])


def _task(
    customer_id: int, owner_id: int | None, items: Sequence[Item], due_on: date, by: Actor
) -> dict[str, Any]:
    draft = TaskDraft(
        what=WHAT["zh" if str(settings.get("language")) == "zh" else "en"],
        due_on=due_on,
        assignee_id=owner_id,
        reason=reason_of(items),
    )
    return row_of(customer_id, draft, by)


def reason_of(items: Sequence[Item]) -> dict[str, Any]:
    """Why the task is there: how much of what is to be confirmed."""
    return {"code": REASON, "params": counted(items)}


def _open_tasks(customer_ids: Sequence[int]) -> dict[int, Row]:
    """The open task of this kind of each of these customers."""
    statement = select(TASKS.c.id, TASKS.c.customer_id, TASKS.c.reason).where(
        TASKS.c.customer_id.in_(customer_ids),
        TASKS.c.status == "open",
        TASKS.c.state == "active",
        TASKS.c.reason.is_not(None),
    )
    return {
        row["customer_id"]: row
        for row in database.session.execute(statement).mappings()
        if row["reason"]["code"] == REASON
    }


def ask_again(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Have it asked whether what was confirmed long ago still holds, for the tiers of which the firm wants
    that; once for each time that has passed."""
    while _ask_again(by=by, at=clock.now()):
        lease.renew()


@operation("confirmations_lapsed", traced=False)
def _ask_again(*, by: Actor, at: datetime) -> int:
    limit = at - timedelta(days=int(settings.get("confirm_days")))
    wanted = (
        select(CONFIRMATIONS.c.id, CONFIRMATIONS.c.customer_id)
        .join(CUSTOMERS, CUSTOMERS.c.id == CONFIRMATIONS.c.customer_id)
        .where(
            CONFIRMATIONS.c.confirmed_at <= limit,
            or_(CONFIRMATIONS.c.asked_at.is_(None), CONFIRMATIONS.c.asked_at <= limit),
            CUSTOMERS.c.state == "active",
            CUSTOMERS.c.tier.in_(list(settings.get("confirm_tiers"))),
        )
        .limit(BATCH)
    )
    rows = database.session.execute(wanted).all()
    if rows:
        database.session.execute(
            update(CONFIRMATIONS)
            .where(CONFIRMATIONS.c.id.in_([row.id for row in rows]))
            .values(asked_at=at)
        )
        have_asked({row.customer_id for row in rows})
    return len(rows)
