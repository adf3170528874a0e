"""Single records of packs, and those of a customer, an order or a case."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, func, select, true

from crmlite import clock
from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.fields.queries import guard
from crmlite.fields.values import extra_column, extra_value
from crmlite.followups.deadlines import firm_zone
from crmlite.objects.kinds import Kind, kind, kind_on, known
from crmlite.objects.record import Line, lines
from crmlite.objects.sight import (
    CASES,
    CONTACTS,
    CUSTOMERS,
    FACTS,
    OBJECTS,
    ORDERS,
    SOURCES,
    beside_a_customer,
    seen,
)
from crmlite.objects.words import called
from crmlite.rules.order_states import Status

Row = Mapping[str, Any]
COLUMNS = tuple(
    OBJECTS.c[name]
    for name in (
        "id", "uid", "type_id", "customer_id", "contact_id", "order_id", "case_id", "day", "extra",
        "created_at", "version",
    )
)  # fmt: skip
OF_CUSTOMER = (
    CUSTOMERS.c.number.label("customer_number"),
    CUSTOMERS.c.name.label("customer"),
    CUSTOMERS.c.owner_id,
    CUSTOMERS.c.state.label("customer_state"),
)
OF_PARENT: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "customer": (),
    "contact": (CONTACTS.c.name.label("parent_name"),),
    "order": (ORDERS.c.number.label("parent_name"),),
    "case": (CASES.c.number.label("parent_name"), CASES.c.subject.label("parent_about")),
}
GOING_ON: Mapping[str, ColumnElement[bool]] = {
    "order": ORDERS.c.status.not_in((Status.CLOSED, Status.CANCELLED)),
    "case": FACTS.c.is_open.is_(True),
}
LATEST = (OBJECTS.c.day.desc().nulls_last(), OBJECTS.c.id.desc())


def columns(parent: str) -> tuple[ColumnElement[Any], ...]:
    """What is read of records with such a parent: with their customer (`customer`, `customer_number`,
    `owner_id`), and the name of the parent."""
    return (*COLUMNS, *OF_CUSTOMER, *OF_PARENT[parent])


def record(object_id: int, *, seen_by: Reader) -> tuple[Kind, Row]:
    """A record with its kind; 404 out of the reader's sight."""
    wanted = select(OBJECTS.c.type_id).where(OBJECTS.c.id == object_id)
    type_id = database.session.execute(wanted).scalar()
    of = known().by_id.get(type_id) if type_id is not None else None
    if of is None:
        abort(404)
    statement = (
        select(*columns(of.parent)).select_from(SOURCES[of.parent]).where(OBJECTS.c.id == object_id)
    )
    row = database.session.execute(seen(seen_by, statement, of.parent)).mappings().first()
    if row is None:
        abort(404)
    return of, row


def counted(customer: Row, reader: Reader) -> dict[int, int]:
    """How many records a customer has of each kind, by its id, as far as the reader sees them."""
    wanted = (
        select(OBJECTS.c.type_id, func.count())
        .where(OBJECTS.c.customer_id == customer["id"], beside_a_customer(reader, customer))
        .group_by(OBJECTS.c.type_id)
    )
    return dict(database.session.execute(wanted).all())  # type: ignore[arg-type]


def of_customer(customer: Row, reader: Reader, of: Kind, limit: int) -> list[Row]:
    """The latest records of a kind that a customer has."""
    return _latest(reader, of, OBJECTS.c.customer_id == customer["id"], limit)


def records_of(customer: Row, reader: Reader, name: str, limit: int = 100) -> list[dict[str, Any]]:
    """The latest records of a kind that a customer has, for the code of packs: of each the values of
    its fields, by their names and as Python has them. Sealed ones are left out, and amounts for who
    may not see those of the customer. None of a kind that is off."""
    of = kind_on(name)
    if of is None:
        return []
    told = [
        field
        for field in of.fields
        if not field.sealed
        and (not field.sensitive or reader.covers(guard(field).right, customer["owner_id"]))
    ]
    return [
        {field.name: extra_value(field, (row["extra"] or {}).get(field.name)) for field in told}
        for row in of_customer(customer, reader, of, limit)
    ]


def of_parent(reader: Reader, parent: str, parent_id: int) -> dict[Kind, list[Row]]:
    """The records of an order or a case that the reader sees, by kind, the latest first."""
    statement = (
        select(*columns(parent))
        .select_from(SOURCES[parent])
        .where(OBJECTS.c[f"{parent}_id"] == parent_id)
    )
    rows = database.session.execute(seen(reader, statement, parent).order_by(*LATEST)).mappings()
    found: dict[Kind, list[Row]] = {}
    for row in rows:
        found.setdefault(kind(row["type_id"]), []).append(row)
    return found


def _latest(reader: Reader, of: Kind, where: ColumnElement[bool], limit: int) -> list[Row]:
    statement = (
        select(*columns(of.parent))
        .select_from(SOURCES[of.parent])
        .where(where, OBJECTS.c.type_id == of.id)
    )
    latest = seen(reader, statement, of.parent).order_by(*LATEST).limit(limit)
    return list(database.session.execute(latest).mappings())


def latest_lines(name: str, customer: Row, reader: Reader, limit: int = 5) -> list[Line]:
    """The latest records of a kind that a customer has, in words; none where its pack is off."""
    of = kind_on(name)
    if of is None:
        return []
    return lines(of, of_customer(customer, reader, of, limit), reader, editable=False)


def undone_lines(
    name: str,
    field: str,
    reader: Reader,
    *,
    owner_ids: Collection[int],
    within_days: int = 90,
    limit: int = 5,
) -> tuple[list[Line], int]:
    """Records of a kind that are dated in so many days before today and have nothing in a field such
    as the day on which they were done: the earliest in words, and how many there are. Of customers of
    these owners only, and of orders and cases that are not over; none where the kind's pack is off."""
    of = kind_on(name)
    undone = of.field(field) if of is not None else None
    if of is None or undone is None:
        return [], 0
    now = clock.today(firm_zone())
    statement = (
        select(*columns(of.parent))
        .select_from(SOURCES[of.parent])
        .where(
            OBJECTS.c.type_id == of.id,
            OBJECTS.c.day.between(now - timedelta(days=within_days), now - timedelta(days=1)),
            extra_column(undone, OBJECTS).is_(None),
            CUSTOMERS.c.owner_id.in_(sorted(owner_ids)),
            GOING_ON.get(of.parent, true()),
        )
    )
    found = seen(reader, statement, of.parent)
    counting = select(func.count()).select_from(found.subquery())
    count = int(database.session.execute(counting).scalar_one())
    rows = database.session.execute(found.order_by(OBJECTS.c.day, OBJECTS.c.id).limit(limit))
    return lines(of, list(rows.mappings()), reader, editable=False), count


def objects_in_sight(reader: Reader, object_ids: Collection[int | None]) -> dict[int, str]:
    """What those of these records are called that a reader sees, by id."""
    ids = sorted(one for one in object_ids if one is not None)
    found: dict[int, str] = {}
    for parent, source in SOURCES.items() if ids else ():
        of_parent = [of.id for of in known().by_id.values() if of.parent == parent]
        wanted = select(OBJECTS.c.id, OBJECTS.c.called).select_from(source)
        wanted = wanted.where(OBJECTS.c.id.in_(ids), OBJECTS.c.type_id.in_(of_parent))
        if of_parent:
            seen_ones = database.session.execute(seen(reader, wanted, parent))
            found |= {row.id: called(row.called) for row in seen_ones}
    return found


def contacts_of(customer_id: int) -> Sequence[Row]:
    """Whom a record can be about at a customer, the main contact first."""
    wanted = (
        select(CONTACTS.c.id, CONTACTS.c.name)
        .where(CONTACTS.c.customer_id == customer_id, CONTACTS.c.state == "active")
        .order_by(CONTACTS.c.is_primary.desc(), CONTACTS.c.name_sort, CONTACTS.c.id)
    )
    return database.session.execute(wanted).mappings().all()
