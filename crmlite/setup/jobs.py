"""The demo put in by a job, when somebody asks for it in the browser, and how far that is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.files.models import Attachment
from crmlite.jobs.kinds import JobKind
from crmlite.jobs.models import DONE, DROPPED, Job
from crmlite.jobs.queue import Lease
from crmlite.wording import N_
from crmlite.work import Actor

LOAD = "load-demo"
STEPS = (Customer, Attachment)  # the first rows of each say that what comes before is there
ENDED, FAILED, AT_WORK = "ended", "failed", "at-work"


def kind() -> JobKind:
    """The kind of work."""
    return JobKind(
        name=LOAD,
        label=N_("Put in the demo data"),
        hint=N_("When whoever sets crmlite up asks for it."),
        run=load,
        long=True,
    )


def load(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Put the demo in. What it is made of is loaded in the worker alone, and only then."""
    from crmlite.setup.demo.background import put_in

    put_in(payload["beside"], lease)


def state_of_demo() -> str:
    """How the job stands that was asked for last: at work; failed, also while it waits for another try;
    or ended, as where nobody has asked."""
    table = Job.__table__
    newest = select(table.c.state, table.c.last_error).where(table.c.kind == LOAD)
    row = database.session.execute(newest.order_by(table.c.id.desc()).limit(1)).first()
    if row is None or row.state in (DONE, DROPPED):
        return ENDED
    return FAILED if row.last_error else AT_WORK


def steps_done() -> int:
    """How many of its steps are behind it."""
    first = [select(model.__table__.c.id).limit(1) for model in STEPS]
    return sum(database.session.execute(one).first() is not None for one in first)
