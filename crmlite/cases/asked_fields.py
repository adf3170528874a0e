"""What customers are asked about their complaints of late: worked out when somebody asks, since each
day gives another answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from crmlite import clock
from crmlite.cases.models import Case
from crmlite.customers.conditions.asked_fields import AskedField, Compared
from crmlite.customers.conditions.sql import CUSTOMER
from crmlite.db.columns import UTCDateTime
from crmlite.rules.conditions import Onlooker, Test, holds
from crmlite.rules.fields import Field
from crmlite.settings.queries import local_day
from crmlite.wording import N_

CASES = Case.__table__
LATELY = timedelta(days=90)
COMPLAINTS_LATELY = Field(
    name="complaints_lately", label=N_("Complaints within 90 days"), kind="integer"
)
FIELDS = (COMPLAINTS_LATELY,)


def asked_fields() -> Sequence[AskedField]:
    """The fields with their SQL."""
    theirs = _counted(select(func.count())).where(CASES.c.customer_id == CUSTOMER.c.id)
    value = theirs.correlate(CUSTOMER).scalar_subquery()
    return (
        AskedField(field=COMPLAINTS_LATELY, value=value, holds=_complaining, right="cases:see"),
    )


def _complaining(test: Test, compared: Compared) -> ColumnElement[bool]:
    """Asked of the whole book, the complaints of late are read once."""
    field, today = COMPLAINTS_LATELY, local_day(clock.now())
    for_none = holds(test, {field.name: 0}, {field.name: field}, Onlooker(today=today))
    some = _counted(select(CASES.c.customer_id)).group_by(CASES.c.customer_id)
    fits = compared(func.count())
    found = CUSTOMER.c.id.in_(some.having(~fits if for_none else fits))
    return ~found if for_none else found


def _counted(statement: Select[tuple[int]]) -> Select[tuple[int]]:
    since = bindparam("complained_since", callable_=_since, type_=UTCDateTime())
    return statement.where(
        CASES.c.kind == "complaint", CASES.c.state == "active", CASES.c.opened_at >= since
    )


def _since() -> datetime:
    return clock.now() - LATELY
