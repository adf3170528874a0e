"""What an upgrade leaves to be done: what is new in every book, figures, and what the search finds.

Whatever brings a schema up to date asks for it in the same transaction, be it `crmlite upgrade` or a
restored backup, so that it is done even where that dies right afterwards.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite import hooks
from crmlite.accounts.operations import ensure_shipped
from crmlite.customers.following import follow
from crmlite.customers.models import Customer
from crmlite.db.migrate import SETTLING
from crmlite.extensions import database
from crmlite.jobs.kinds import JobKind
from crmlite.jobs.models import PARKED, READY, RUNNING, Job
from crmlite.jobs.queue import Lease
from crmlite.search.operations import rebuild
from crmlite.setup.shipping import ship
from crmlite.wording import N_
from crmlite.work import Actor, operation

BATCH = 500


def kind() -> JobKind:
    """The kind of work."""
    return JobKind(
        name=SETTLING,
        label=N_("Finish an upgrade"),
        hint=N_("Puts in what is new, counts figures anew and has everything found."),
        run=settle_all,
        long=True,
    )


def waiting() -> int | None:
    """The job that the last upgrade has asked for and that is not done; somebody may be at it, or have
    given it up."""
    table = Job.__table__
    newest = select(table.c.id, table.c.state).where(table.c.kind == SETTLING)
    row = database.session.execute(newest.order_by(table.c.id.desc()).limit(1)).first()
    return row.id if row is not None and row.state in (READY, RUNNING, PARKED) else None


def settle_all(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Put in what every book has now, then count and index anew in short batches."""
    ensure_shipped(by=by, at=at)
    ship(by=by, at=at)
    last = 0
    while last := _settle(last, by=by, at=at):
        lease.renew()
    rebuild(lambda _kind, _done: lease.renew(), by=by, at=at)


@operation("figures_counted", traced=False)
def _settle(after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id of a customer that was counted, 0 when there are no more."""
    table = Customer.__table__
    wanted = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    ids = list(database.session.execute(wanted).scalars())
    if not ids:
        return 0
    follow(ids)
    for part in hooks.gathered("register_facts"):
        part.refresh(ids)
    return ids[-1]
