"""What is still to be confirmed about customers: it lapses with each change, and for some tiers with
time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from crmlite import settings
from crmlite.customers.models import Confirmation, Contact, Customer, Facts, Need
from crmlite.extensions import database
from crmlite.rules.freshness import (
    COLUMNS,
    CONTACT,
    DESCRIPTION,
    NEED,
    TITLE,
    WAYS,
    Item,
    holds,
    parts_in,
)
from crmlite.work.actors import PERSON, TOKEN
from crmlite.work.operations import current, is_running
from crmlite.work.records import chunks

Row = Mapping[str, Any]
CONFIRMATIONS, FACTS, CUSTOMERS = (
    Confirmation.__table__,
    Facts.__table__,
    Customer.__table__,
)
CONTACTS, NEEDS = Contact.__table__, Need.__table__
OPEN = ("open", "proposed")


def lapse(customer_ids: Iterable[int]) -> None:
    """Take the confirmation from what the operation under way has changed of these customers, and have it
    asked for. Belongs at the end of it."""
    if not is_running():
        return
    some, touched = set(customer_ids), set[int]()
    changed: dict[tuple[str, str], list[int]] = {}
    for change in current().changes:
        record = change["record_type"]
        if record not in COLUMNS or change["root_id"] not in some:
            continue
        parts = parts_in(record, change["diff"])
        for part in parts:
            changed.setdefault((record, part), []).append(change["record_id"])
        # What is deleted or closed is asked about no more.
        if parts or {"state", "status"} & change["diff"].keys():
            touched.add(change["root_id"])
    for (record, part), record_ids in changed.items():
        for ids in chunks(record_ids):
            _take_away(record, part, ids)
    if touched and is_asked_for():
        have_asked(touched)


def _take_away(record: str, part: str, record_ids: Sequence[int]) -> None:
    database.session.execute(
        update(CONFIRMATIONS)
        .where(
            CONFIRMATIONS.c.record == record,
            CONFIRMATIONS.c.part == part,
            CONFIRMATIONS.c.record_id.in_(record_ids),
            CONFIRMATIONS.c.confirmed_at.is_not(None),
        )
        .values(confirmed_at=None, confirmed_by_id=None)
    )


def is_asked_for() -> bool:
    """Whether what is entered now is to be confirmed by a task of the owner: what people enter is, what
    comes out of files or from machines only where the firm wants it."""
    by_people = current().by.kind in (PERSON, TOKEN) and current().source != "import"
    return by_people or bool(settings.get("confirm_imported"))


def have_asked(customer_ids: Iterable[int]) -> None:
    """Have the owners asked to confirm what is not confirmed, or asked no more."""
    for ids in chunks(sorted(customer_ids)):
        database.session.execute(
            update(FACTS).where(FACTS.c.customer_id.in_(ids)).values(confirm_due=True)
        )


def lasts(tier: str | None) -> int | None:
    """For how many days a confirmation holds at a customer of a tier; None for as long as nothing
    changes."""
    asked_again = tier is not None and tier in settings.get("confirm_tiers")
    return int(settings.get("confirm_days")) if asked_again else None


def confirmations(customer_ids: Sequence[int]) -> dict[Item, Row]:
    """What was confirmed of these customers, as it is stored."""
    wanted = select(CONFIRMATIONS).where(CONFIRMATIONS.c.customer_id.in_(customer_ids))
    return {
        Item(row["record"], row["record_id"], row["part"]): row
        for row in database.session.execute(wanted).mappings()
    }


def unconfirmed(customer_ids: Sequence[int], now: datetime) -> dict[int, list[Item]]:
    """What is to be confirmed of each of these customers."""
    found: dict[int, list[Item]] = {customer_id: [] for customer_id in customer_ids}
    session = database.session
    for ids in chunks(customer_ids):
        known = confirmations(ids)
        of_tiers = select(CUSTOMERS.c.id, CUSTOMERS.c.tier).where(CUSTOMERS.c.id.in_(ids))
        tiers = {row.id: row.tier for row in session.execute(of_tiers)}
        for customer_id, item in (*_of_contacts(ids), *_of_needs(ids)):
            row = known.get(item)
            at = row["confirmed_at"] if row else None
            if not holds(at, now, lasts(tiers.get(customer_id))):
                found[customer_id].append(item)
    return found


def _of_contacts(customer_ids: Sequence[int]) -> list[tuple[int, Item]]:
    ways = (CONTACTS.c[name].is_not(None) for name in COLUMNS[CONTACT][WAYS])
    wanted = (
        select(
            CONTACTS.c.id,
            CONTACTS.c.customer_id,
            CONTACTS.c.version,
            CONTACTS.c.title.is_not(None).label("titled"),
            or_(*ways).label("reached"),
        )
        .where(CONTACTS.c.customer_id.in_(customer_ids), CONTACTS.c.state == "active")
        .order_by(CONTACTS.c.is_primary.desc(), CONTACTS.c.id)
    )
    found = []
    for row in database.session.execute(wanted):
        if row.titled:
            found.append((row.customer_id, Item(CONTACT, row.id, TITLE, row.version)))
        if row.reached:
            found.append((row.customer_id, Item(CONTACT, row.id, WAYS, row.version)))
    return found


def _of_needs(customer_ids: Sequence[int]) -> list[tuple[int, Item]]:
    said = (NEEDS.c[name].is_not(None) for name in COLUMNS[NEED][DESCRIPTION])
    wanted = select(NEEDS.c.id, NEEDS.c.customer_id, NEEDS.c.version).where(
        NEEDS.c.customer_id.in_(customer_ids),
        NEEDS.c.state == "active",
        NEEDS.c.status.in_(OPEN),
        or_(*said),
    )
    rows = database.session.execute(wanted.order_by(NEEDS.c.id))
    return [(row.customer_id, Item(NEED, row.id, DESCRIPTION, row.version)) for row in rows]
