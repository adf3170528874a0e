"""What records of packs put into a customer's timeline: each on the day that dates it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.customers.timeline import Entry, Row, TimelineSource
from crmlite.extensions import database
from crmlite.followups.dated import further, noon
from crmlite.objects.kinds import any_kinds, kind, known
from crmlite.objects.queries import COLUMNS
from crmlite.objects.record import ObjectRecord
from crmlite.objects.sight import CASES, CONTACTS, OBJECTS, OF_CUSTOMERS, ORDERS, beside_a_customer
from crmlite.wording import N_

PREFIX = "record"
NAMED = 3
"""How many facts an entry tells."""


def sources() -> list[TimelineSource]:
    """Records of packs."""
    return [
        TimelineSource(
            name="records", label=N_("records"), entries=entries, weight=14, shown=any_kinds
        )
    ]


def entries(
    customer: Row, reader: Reader, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Entry]:
    """Each record of a kind that is in the timeline; one without a day is not."""
    shown = [of.id for of in known().by_id.values() if of.in_timeline]
    if not shown:
        return []
    source = (
        OF_CUSTOMERS.outerjoin(CONTACTS, CONTACTS.c.id == OBJECTS.c.contact_id)
        .outerjoin(ORDERS, ORDERS.c.id == OBJECTS.c.order_id)
        .outerjoin(CASES, CASES.c.id == OBJECTS.c.case_id)
    )
    wanted = (
        select(
            *COLUMNS,
            CONTACTS.c.name.label("contact_name"),
            ORDERS.c.number.label("order_number"),
            CASES.c.number.label("case_number"),
        )
        .select_from(source)
        .where(
            OBJECTS.c.customer_id == customer["id"],
            OBJECTS.c.type_id.in_(shown),
            OBJECTS.c.day.is_not(None),
            beside_a_customer(reader, customer),
        )
        .order_by(OBJECTS.c.day.desc(), OBJECTS.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(further(OBJECTS.c.day, OBJECTS.c.id, PREFIX, *before))
    rows = database.session.execute(wanted).mappings().all()
    return [_entry(row, customer, reader) for row in rows]


def _entry(row: Any, customer: Row, reader: Reader) -> Entry:
    of = kind(row["type_id"])
    whole = {
        **row,
        "owner_id": customer["owner_id"],
        "customer_state": customer["state"],
        "customer_number": customer["number"],
        "customer": customer["name"],
        "parent_name": row["contact_name"] or row["order_number"] or row["case_number"],
    }
    record = ObjectRecord(of, whole, reader)
    aside, extra = (of.title, of.day), row["extra"] or {}
    told = [one for one in of.fields if one.name in extra and one.name not in aside]
    return Entry(
        at=noon(row["day"]),
        key=f"{PREFIX}-{row['id']:012d}",
        kind="records",
        template="objects/moment_record.html",
        context={"record": record, "facts": record.facts(told[:NAMED]), "day": row["day"]},
    )
