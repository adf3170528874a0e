"""The days around which touches lie: dates of customers, birthdays, festivals, what happened."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from crmlite import settings
from crmlite.calendars.lunar import festival, yearly
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, column
from crmlite.customers.models import Contact
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations.planning import TOUCH
from crmlite.rules.cadence import OVERDUE_AFTER
from crmlite.rules.strategies import FESTIVALS, FURTHEST_DAYS, Around, Strategy
from crmlite.strategies.events import TouchEvent, events
from crmlite.wording import N_

BIRTHDAY = "birthday"
BACK = timedelta(days=FURTHEST_DAYS + OVERDUE_AFTER)  # what lies further back has lapsed
CONTACTS, TALKS, TASKS = Contact.__table__, Interaction.__table__, Task.__table__

Days = dict[int, set[date]]
"""Days by the ids of customers."""


def anchors_of(
    strategies: Iterable[Strategy], customer_ids: Sequence[int], today: date
) -> dict[int, dict[str, list[date]]]:
    """For each of these customers the days by the name of the field or event, of those that touches of
    the strategies lie around."""
    cadences = [touch.cadence for one in strategies for touch in one.touches]
    wanted = {one.anchor: one for one in cadences if isinstance(one, Around)}
    found: dict[int, dict[str, list[date]]] = {customer_id: {} for customer_id in customer_ids}
    for name, around in wanted.items():
        for customer_id, days in _asked(around, customer_ids, today).items():
            if customer_id in found:
                found[customer_id][name] = sorted(days)
    return found


def _asked(around: Around, customer_ids: Sequence[int], today: date) -> Days:
    if around.event in FESTIVALS:
        days = set(festival(around.event, _years(today)))
        return dict.fromkeys(customer_ids, days)
    if around.event:
        event = events().get(around.event)
        return _sane(event.days(customer_ids, today)) if event else {}
    if around.field == BIRTHDAY:
        return _birthdays(customer_ids, today)
    return _dates(around.field, customer_ids)


def _sane(found: Mapping[Any, Any]) -> Days:
    """The days that were told; what is none, as a pack may answer, is left out."""
    return {
        customer_id: {day for day in days if type(day) is date}
        for customer_id, days in found.items()
        if isinstance(days, Collection)
    }


def _years(today: date) -> range:
    return range(today.year - 1, today.year + 3)


def _dates(field: str, customer_ids: Sequence[int]) -> Days:
    """A date that is recorded of the customers themselves."""
    joined = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id)
    found = column(field)
    statement = select(CUSTOMER.c.id, found.label("day")).select_from(joined)
    rows = database.session.execute(statement.where(CUSTOMER.c.id.in_(customer_ids)))
    zone = ZoneInfo(settings.get("timezone"))
    return {row.id: {day} for row in rows if (day := _day_of(row.day, zone)) is not None}


def _day_of(value: Any, zone: ZoneInfo) -> date | None:
    match value:
        case datetime():
            return value.astimezone(zone).date()
        case date():
            return value
        case str():
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                return None
    return None


def _birthdays(customer_ids: Sequence[int], today: date) -> Days:
    """The birthdays of customers who are people, and of those at customers, lunar ones where people
    keep those."""
    found: Days = {}
    for owner, table in ((CUSTOMER.c.id, CUSTOMER), (CONTACTS.c.customer_id, CONTACTS)):
        statement = select(owner, table.c.birthday, table.c.birthday_lunar).where(
            owner.in_(customer_ids), table.c.birthday.is_not(None), table.c.state == "active"
        )
        for customer_id, born, lunar in database.session.execute(statement):
            days = yearly(born.month, born.day, _years(today), lunar=lunar)
            found.setdefault(customer_id, set()).update(days)
    return found


def _contract_ends(customer_ids: Sequence[int], _today: date) -> Days:
    return _dates("contract_ends_on", customer_ids)


def _visits_made(customer_ids: Sequence[int], today: date) -> Days:
    """The days of visits that took place lately."""
    return _talked(customer_ids, today, TALKS.c.kind == "visit", TALKS.c.answered.is_(True))


def _talked(customer_ids: Sequence[int], today: date, *wanted: ColumnElement[bool]) -> Days:
    """The days of contacts lately that are as wanted."""
    zone = ZoneInfo(settings.get("timezone"))
    start = datetime.combine(today - BACK, time.min, zone)
    statement = select(TALKS.c.customer_id, TALKS.c.occurred_at).where(
        TALKS.c.customer_id.in_(customer_ids),
        TALKS.c.state == "active",
        TALKS.c.occurred_at >= start,
        *wanted,
    )
    found: Days = {}
    for customer_id, at in database.session.execute(statement):
        found.setdefault(customer_id, set()).add(at.astimezone(zone).date())
    return found


def _visits_planned(customer_ids: Sequence[int], today: date) -> Days:
    """The days for which people have planned a visit. That a strategy asks for one by a day is no
    appointment yet."""
    statement = select(TASKS.c.customer_id, TASKS.c.due_on).where(
        TASKS.c.customer_id.in_(customer_ids),
        TASKS.c.state == "active",
        TASKS.c.status == "open",
        TASKS.c.channel == "visit",
        TASKS.c.kind != TOUCH,
        TASKS.c.due_on >= today,
    )
    found: Days = {}
    for customer_id, day in database.session.execute(statement):
        found.setdefault(customer_id, set()).add(day)
    return found


def _orders(customer_ids: Sequence[int], _today: date) -> Days:
    return _dates("last_order_on", customer_ids)


def _quotations(customer_ids: Sequence[int], today: date) -> Days:
    """The days on which quotations were sent lately."""
    return _talked(customer_ids, today, TALKS.c.quotation_sent.is_(True))


def own_events() -> list[TouchEvent]:
    """What crmlite itself tells of."""
    return [
        TouchEvent(name="quotation_sent", label=N_("a quotation was sent"), days=_quotations),
        TouchEvent(name="visit_planned", label=N_("a planned visit"), days=_visits_planned),
        TouchEvent(name="visit_made", label=N_("a visit"), days=_visits_made),
        TouchEvent(name="contract_end", label=N_("the contract ends"), days=_contract_ends),
        TouchEvent(name="order_placed", label=N_("an order"), days=_orders),
    ]
