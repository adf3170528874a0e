"""What notifications about tasks say: worded when they are read, as far as the reader may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader, current_reader
from crmlite.accounts.queries import person_name
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.alerts import LATE, NUDGE, REMINDER
from crmlite.followups.reasons import leads_to, reason_title
from crmlite.followups.sight import seen
from crmlite.notifications import NotificationKind
from crmlite.wording import N_

Params = Mapping[str, Any]
Row = Mapping[str, Any]


def kinds() -> list[NotificationKind]:
    """Reminders, late promises, and what colleagues remind of."""
    return [
        NotificationKind(
            name=REMINDER,
            label=N_("Reminders that I have set"),
            icon="clock-pause",
            words=_reminder,
            url=_customer,
            ahead=read_ahead,
            urgent=True,
        ),
        NotificationKind(
            name=LATE,
            label=N_("Promises of my people that are late"),
            icon="heart-handshake",
            words=_late,
            url=_customer,
            ahead=read_ahead,
            urgent=True,
        ),
        NotificationKind(
            name=NUDGE,
            label=N_("What colleagues remind me of"),
            icon="message",
            words=_nudge,
            url=_customer,
            ahead=read_ahead,
        ),
    ]


def read_ahead(params: Sequence[Params], reader: Reader) -> None:
    """Read the tasks of a page of notifications at once."""
    known: dict[int, Row] = g.setdefault("tasks_told_of", {})
    known |= _tasks([one["task"] for one in params], reader)


def _task(params: Params, reader: Reader) -> Row | None:
    known: dict[int, Row] = g.get("tasks_told_of", {})
    return known.get(params["task"]) or _tasks([params["task"]], reader).get(params["task"])


def _tasks(task_ids: Sequence[int], reader: Reader) -> dict[int, Row]:
    tasks, customers = Task.__table__, Customer.__table__
    statement = (
        select(
            tasks.c.id,
            tasks.c.what,
            tasks.c.assignee_id,
            tasks.c.reason,
            customers.c.name,
            customers.c.owner_id,
        )
        .select_from(tasks.join(customers, customers.c.id == tasks.c.customer_id))
        .where(tasks.c.id.in_(task_ids), tasks.c.state == "active")
    )
    rows = database.session.execute(seen(reader, statement, own=False)).mappings()
    return {row["id"]: {**row, "customer": _whose(row, reader)} for row in rows}


def _whose(row: Row, reader: Reader) -> str:
    """Whose task it is, for who may know that; else what it comes from."""
    if reader.covers("customers:see", row["owner_id"]):
        return str(row["name"])
    return reason_title(row["reason"], reader)


def _reminder(params: Params, reader: Reader) -> str | None:
    row = _task(params, reader)
    return row and _(
        "Reminder: %(what)s · %(customer)s", what=row["what"], customer=row["customer"]
    )


def _late(params: Params, reader: Reader) -> str | None:
    row = _task(params, reader)
    return row and _(
        "A promise is late: %(what)s · %(customer)s · %(who)s",
        what=row["what"],
        customer=row["customer"],
        who=person_name(row["assignee_id"]) or _("nobody"),
    )


def _nudge(params: Params, reader: Reader) -> str | None:
    row = _task(params, reader)
    return row and _(
        "Do not forget: %(what)s · %(customer)s", what=row["what"], customer=row["customer"]
    )


def _customer(params: Params) -> str:
    """The page of what the task comes from, or of its customer: one that the reader can open."""
    reader = current_reader()
    row, page = _task(params, reader), url_for("customers.show", number=params["number"])
    if row is not None and not reader.covers("customers:see", row["owner_id"]):
        page = ""
    return leads_to(params.get("reason"), reader, page)
