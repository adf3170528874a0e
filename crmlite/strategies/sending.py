"""What a person is to send these days: greetings, news, offers, with the text ready for each customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.calendars.queries import calendar_of
from crmlite.customers.models import Contact, Customer
from crmlite.customers.queries import is_main_contact
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.rules.cadence import working_day
from crmlite.rules.strategies import Touch
from crmlite.strategies.models import PlannedTouch, Strategy
from crmlite.strategies.queries import touches_of

TOUCHES, TASKS = PlannedTouch.__table__, Task.__table__
CUSTOMERS, CONTACTS, STRATEGIES = Customer.__table__, Contact.__table__, Strategy.__table__
AHEAD = 2  # working days
MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSend:
    """A task that only sends, of the touch that it came of; `to` is the name of the main contact, of
    the customer where there is none."""

    task_id: int
    touch: Touch
    due_on: date
    number: str
    name: str
    to: str


def to_send(reader: Reader, today: date) -> list[ToSend]:
    """What is due within two working days or was before, the earliest first."""
    stored = database.session.execute(select(STRATEGIES.c.id, STRATEGIES.c.touches))
    sending = {
        (row.id, touch.name): touch
        for row in stored
        for touch in touches_of(row.touches)
        if touch.sends
    }
    found = []
    for row in _rows(reader, today, sorted({key[0] for key in sending})):
        touch = sending.get((row.strategy_id, row.touch))
        if touch is not None and reader.covers("tasks:edit", row.owner_id):
            found.append(
                ToSend(
                    task_id=row.id,
                    touch=touch,
                    due_on=row.due_on,
                    number=row.number,
                    name=row.name,
                    to=row.to or row.name,
                )
            )
    return found


def _horizon(today: date) -> date:
    """The last day of which what is to be sent is shown."""
    works_on = calendar_of(None).works_on
    day = today
    for _ in range(AHEAD):
        day = working_day(day + timedelta(days=1), works_on)
    return day


def _rows(reader: Reader, today: date, strategy_ids: Sequence[int]) -> Sequence[Any]:
    statement = (
        select(
            TASKS.c.id,
            TASKS.c.due_on,
            TOUCHES.c.strategy_id,
            TOUCHES.c.touch,
            CUSTOMERS.c.number,
            CUSTOMERS.c.name,
            CUSTOMERS.c.owner_id,
            CONTACTS.c.name.label("to"),
        )
        .select_from(
            TASKS.join(TOUCHES, TOUCHES.c.task_id == TASKS.c.id)
            .join(CUSTOMERS, CUSTOMERS.c.id == TASKS.c.customer_id)
            .outerjoin(CONTACTS, is_main_contact(CUSTOMERS.c.id))
        )
        .where(
            TASKS.c.assignee_id == reader.user_id,
            TASKS.c.status == "open",
            TASKS.c.state == "active",
            TASKS.c.due_on <= _horizon(today),
            TOUCHES.c.state == "open",
            TOUCHES.c.strategy_id.in_(strategy_ids),
            CUSTOMERS.c.state == "active",
        )
        .order_by(TASKS.c.due_on, TASKS.c.id)
        .limit(MOST)
    )
    return database.session.execute(visible_to(reader, statement)).all()
