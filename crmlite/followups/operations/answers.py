"""Counting anew how soon customers answer, when other days are working days."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.followups.facts import refresh_answers
from crmlite.jobs import Lease, enqueue_once
from crmlite.work import Actor, operation

KIND = "count-answers"
BATCH = 500
FACTS = Facts.__table__


def have_answers_counted() -> None:
    """Have it done in the background; belongs inside the operation that makes it necessary."""
    enqueue_once(KIND)


@operation("answers_asked", traced=False)
def ask_for_answers(*, by: Actor, at: datetime) -> None:
    """The same for what was changed elsewhere, such as a working calendar."""
    have_answers_counted()


def count_answers(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Count for every customer with whom we got in touch lately, in short batches."""
    last = 0
    while last := _count(last, by=by, at=at):
        lease.renew()


@operation("answers_counted", traced=False)
def _count(after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id that was counted, 0 when there are no more."""
    wanted = select(FACTS.c.customer_id).where(FACTS.c.asked > 0, FACTS.c.customer_id > after)
    some = wanted.order_by(FACTS.c.customer_id).limit(BATCH)
    ids = list(database.session.execute(some).scalars())
    refresh_answers(ids)
    return ids[-1] if ids else 0
