"""What was planned for customers before, and whether the contacts by which it was done are still there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmlite import settings
from crmlite.extensions import database
from crmlite.followups.models import Interaction
from crmlite.rules.planning import DONE, LAPSED, LEFT_OUT, Key
from crmlite.strategies.models import PlannedTouch

TALKS, TOUCHES = Interaction.__table__, PlannedTouch.__table__
NEAR = timedelta(days=1)  # the firm may have moved to another time zone since

Row = Mapping[str, Any]


@dataclass(slots=True)
class Before:
    """What was planned for a customer before: when each touch was last done or left out, around which
    days it was over, and the rows of what was done by a contact that is not there any more."""

    last: dict[Key, date] = field(default_factory=dict)
    over: dict[Key, list[date]] = field(default_factory=dict)
    unfounded: list[Row] = field(default_factory=list)


def ended_before(
    customer_ids: Sequence[int],
    contacts: Mapping[int, Mapping[str, date]],
    today: date,
    *,
    but: Collection[int] = (),
) -> dict[int, Before]:
    """The same of many, `but` for these rows; `contacts` are the days of the last contact of each, by
    channel."""
    ended = select(TOUCHES).where(
        TOUCHES.c.customer_id.in_(customer_ids), TOUCHES.c.state.in_((DONE, LEFT_OUT, LAPSED))
    )
    again: dict[tuple[int, Key], list[Row]] = {}
    around: list[Row] = []
    for row in database.session.execute(ended).mappings():
        if row["id"] in but:
            continue
        if row["anchor_on"] is not None:
            around.append(row)
        elif row["ended_on"] is not None and row["state"] != LAPSED:
            again.setdefault((row["customer_id"], _key(row)), []).append(row)
    for rows in again.values():
        rows.sort(key=lambda row: (row["ended_on"], row["id"]))
    asked = (*(rows[-1] for rows in again.values()), *(_still_to_come(around, today)))
    days = _days({row["customer_id"] for row in asked if _is_doubtful(row, contacts)})
    found: dict[int, Before] = {}
    for (customer_id, key), rows in again.items():
        of_customer = found.setdefault(customer_id, Before())
        while rows and not _is_founded(rows[-1], days):
            of_customer.unfounded.append(rows.pop())
        if rows:
            of_customer.last[key] = rows[-1]["ended_on"]
    for row in around:
        of_customer = found.setdefault(row["customer_id"], Before())
        if row["before_on"] > today and not _is_founded(row, days):
            of_customer.unfounded.append(row)
        else:
            of_customer.over.setdefault(_key(row), []).append(row["anchor_on"])
    return found


def _key(row: Row) -> Key:
    return row["strategy_id"], row["touch"]


def _still_to_come(around: Sequence[Row], today: date) -> Iterator[Row]:
    return (row for row in around if row["before_on"] > today)


def _is_doubtful(row: Row, contacts: Mapping[int, Mapping[str, date]]) -> bool:
    """Whether a contact did it that is none of the last ones, which are known."""
    known = contacts.get(row["customer_id"], {}).values()
    return row["met_on"] is not None and row["met_on"] not in known


def _days(customer_ids: set[int]) -> dict[int, set[date]]:
    """The days of all contacts of these customers: few, for it is asked only in doubt."""
    if not customer_ids:
        return {}
    zone = ZoneInfo(settings.get("timezone"))
    statement = select(TALKS.c.customer_id, TALKS.c.occurred_at).where(
        TALKS.c.customer_id.in_(customer_ids),
        TALKS.c.state == "active",
        TALKS.c.answered.is_(True),
    )
    found: dict[int, set[date]] = {customer_id: set() for customer_id in customer_ids}
    for row in database.session.execute(statement):
        found[row.customer_id].add(row.occurred_at.astimezone(zone).date())
    return found


def _is_founded(row: Row, days: Mapping[int, set[date]]) -> bool:
    """Whether the contact that did it is there; it is, where nothing was doubtful."""
    met, there = row["met_on"], days.get(row["customer_id"])
    return met is None or there is None or not there.isdisjoint((met - NEAR, met, met + NEAR))
