"""What the plans of customers follow from, read for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import false, func, select

from crmlite import settings
from crmlite.customers.models import Contact, Customer
from crmlite.customers.queries import is_main_contact
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations.planning import TOUCH
from crmlite.rules.planning import DONE, Facts, Key, Planned, Serving
from crmlite.rules.strategies import Touch
from crmlite.strategies.models import PlannedTouch
from crmlite.strategies.planner.anchors import anchors_of
from crmlite.strategies.planner.before import Before, ended_before
from crmlite.strategies.planner.following import begun_of
from crmlite.strategies.planner.serving import Sound, taken_by

CUSTOMERS, CONTACTS = Customer.__table__, Contact.__table__
TALKS, TASKS = Interaction.__table__, Task.__table__
TOUCHES = PlannedTouch.__table__
OPEN = "open"
TOLD = ("status", "closed_at", "assignee_id", "due_on", "due_at", "remind_at", "reason")

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A customer as the planner knows it: what its plan follows from, the rows of what is planned, and
    whose its tasks are.

    Of what people took back: `reopened` are touches that were over and whose tasks are open again,
    `replaced` those that were planned in their stead meanwhile, `unfounded` those done by a contact
    that is not there any more.
    """

    id: int
    facts: Facts
    serving: Sequence[Sound]
    rows: Mapping[Key, Row] = field(default_factory=dict)
    reopened: Sequence[Row] = ()
    replaced: Sequence[Row] = ()
    unfounded: Sequence[Row] = ()
    owner_id: int | None = None
    dedicated_id: int | None = None


def known(some: Sequence[Sound], customer_ids: Sequence[int], today: date) -> list[Known]:
    """What is known of these customers."""
    taken = taken_by(some, customer_ids, today)
    begun = begun_of(customer_ids, today)
    contacts = _contacts(customer_ids)
    open_, closed = _planned(customer_ids)
    again = _reopened(customer_ids)
    reopened_ids = {row["id"] for touches in again.values() for row in touches.values()}
    before = ended_before(customer_ids, contacts, today, but=reopened_ids)
    used = {one.id: one for served in taken.values() for one in served}
    anchors = anchors_of([one.declared for one in used.values()], customer_ids, today)
    fitting = _Fitting()
    found = []
    for row in _whose(customer_ids):
        customer_id, served = row.id, taken[row.id]
        shut, there = closed.get(customer_id, {}), dict(open_.get(customer_id, {}))
        reopened = {key: row for key, row in again.get(customer_id, {}).items() if key not in shut}
        replaced = [there[key] for key in reopened if key in there]
        there |= reopened
        earlier = before.get(customer_id, Before())
        facts = Facts(
            serving=[
                Serving(
                    strategy_id=one.id,
                    touches=fitting.touches(one, row.channel, row.no_marketing),
                    begun=begun.get((customer_id, one.id), today),
                )
                for one in served
            ],
            contacts=contacts.get(customer_id, {}),
            anchors=anchors[customer_id],
            open={key: _of_row(row) for key, row in there.items()},
            closed={key: _of_row(row) for key, row in shut.items()},
            last=earlier.last,
            over=earlier.over,
        )
        found.append(
            Known(
                id=customer_id,
                facts=facts,
                serving=served,
                rows={**there, **shut},
                reopened=list(reopened.values()),
                replaced=replaced,
                unfounded=earlier.unfounded,
                owner_id=row.owner_id,
                dedicated_id=row.dedicated_id,
            )
        )
    return found


def _whose(customer_ids: Sequence[int]) -> Sequence[Any]:
    """Whose these customers are, and how their main contacts want to be met with."""
    statement = (
        select(
            CUSTOMERS.c.id,
            CUSTOMERS.c.owner_id,
            CUSTOMERS.c.dedicated_id,
            CONTACTS.c.channel,
            func.coalesce(CONTACTS.c.no_marketing, false()).label("no_marketing"),
        )
        .select_from(CUSTOMERS.outerjoin(CONTACTS, is_main_contact(CUSTOMERS.c.id)))
        .where(CUSTOMERS.c.id.in_(customer_ids))
    )
    return list({row.id: row for row in database.session.execute(statement)}.values())


class _Fitting:
    """The touches of strategies as they fit a customer: by the way of contact that it prefers, and
    without what only sends where it wants nothing sent. Many are alike: each is made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str | None, bool], tuple[Touch, ...]] = {}

    def touches(self, sound: Sound, channel: str | None, no_marketing: bool) -> tuple[Touch, ...]:
        """Those of a strategy."""
        key = (sound.id, channel, no_marketing)
        if key not in self._made:
            self._made[key] = tuple(
                replace(touch, channel=channel) if touch.prefers and channel else touch
                for touch in sound.declared.touches
                if not (touch.is_unasked and no_marketing)
            )
        return self._made[key]


def _of_row(row: Row) -> Planned:
    zone = ZoneInfo(settings.get("timezone"))
    return Planned(
        planned=row["planned_on"],
        since=row["since_on"],
        anchor=row["anchor_on"],
        before=row["before_on"],
        ended=row["closed_at"].astimezone(zone).date() if row["closed_at"] else None,
        is_done=row["status"] == DONE,
    )


def _contacts(customer_ids: Sequence[int]) -> dict[int, dict[str, date]]:
    """The days of the last real contact by channel."""
    zone = ZoneInfo(settings.get("timezone"))
    statement = (
        select(TALKS.c.customer_id, TALKS.c.kind, func.max(TALKS.c.occurred_at).label("at"))
        .where(
            TALKS.c.customer_id.in_(customer_ids),
            TALKS.c.state == "active",
            TALKS.c.answered.is_(True),
        )
        .group_by(TALKS.c.customer_id, TALKS.c.kind)
    )
    found: dict[int, dict[str, date]] = {}
    for row in database.session.execute(statement):
        found.setdefault(row.customer_id, {})[row.kind] = row.at.astimezone(zone).date()
    return found


def _planned(
    customer_ids: Sequence[int],
) -> tuple[dict[int, dict[Key, Row]], dict[int, dict[Key, Row]]]:
    """What is planned: by customer those whose tasks are open, and those whose tasks are closed."""
    statement = (
        select(
            TOUCHES,
            *(TASKS.c[name] for name in TOLD),
            TASKS.c.state.label("task_state"),
        )
        .join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
        .where(TOUCHES.c.customer_id.in_(customer_ids), TOUCHES.c.state == OPEN)
    )
    open_: dict[int, dict[Key, Row]] = {}
    closed: dict[int, dict[Key, Row]] = {}
    for row in database.session.execute(statement).mappings():
        stands = row["status"] == OPEN and row["task_state"] == "active"
        where = open_ if stands else closed
        key = (row["strategy_id"], row["touch"])
        where.setdefault(row["customer_id"], {})[key] = row
    return open_, closed


def _reopened(customer_ids: Sequence[int]) -> dict[int, dict[Key, Row]]:
    """Touches that were over, and whose tasks are open again since somebody took back what closed them:
    the latest of each."""
    statement = (
        select(TOUCHES, *(TASKS.c[name] for name in TOLD))
        .join(TASKS, TASKS.c.id == TOUCHES.c.task_id)
        .where(
            TASKS.c.customer_id.in_(customer_ids),
            TASKS.c.status == OPEN,
            TASKS.c.state == "active",
            TASKS.c.kind == TOUCH,
            TOUCHES.c.state != OPEN,
        )
        .order_by(TOUCHES.c.id)
    )
    found: dict[int, dict[Key, Row]] = {}
    for row in database.session.execute(statement).mappings():
        found.setdefault(row["customer_id"], {})[row["strategy_id"], row["touch"]] = row
    return found
