"""What must hold among the records of a customer, however they were put back.

An undo and a restore put back single values and records; what belongs to these on others is made to
fit here, in the same operation. What stood before it comes first.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crmlite.customers.models import Contact, Customer, Need
from crmlite.customers.models.needs import CLOSED
from crmlite.extensions import database
from crmlite.settings.queries import local_day
from crmlite.work import records
from crmlite.work.operations import current

Row = Mapping[str, Any]


def make_whole(customer_ids: Sequence[int]) -> None:
    """Of the contacts of each customer one is the main one, and who is the customer themselves
    bears its name. Only who is lost has a reason for it, only a need that is closed a closing day."""
    for ids in records.chunks(customer_ids):
        _reasons_fit(ids)
        _closing_days_fit(ids)
        people = _contacts(ids)
        _name_alike(people)
        wanted: dict[int, dict[str, Any]] = {}
        put_back = {record for kind, record, _columns in _changed() if kind == "contact"}
        for those in people.values():
            main = _main(those, put_back)
            wanted |= {
                one["id"]: {"is_primary": not one["is_primary"]}
                for one in those
                if one["is_primary"] != (one["id"] == main)
            }
        records.update_many(Contact, wanted)


def _main(people: Sequence[Row], put_back: set[int]) -> int:
    """The contact that is to be the main one; of several, one that was it before."""
    main = [one["id"] for one in people if one["is_primary"]]
    stood = [contact_id for contact_id in main if contact_id not in put_back]
    return int((stood or main or [one["id"] for one in people])[0])


def _name_alike(people: Mapping[int, Sequence[Row]]) -> None:
    own = {i: one for i, those in people.items() for one in those if one["is_self"]}
    if not own:
        return
    renamed = {(kind, record) for kind, record, columns in _changed() if "name" in columns}
    table = Customer.__table__
    names = database.session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(own)))
    for customer_id, name in names.all():
        contact = own[customer_id]
        if contact["name"] == name:
            continue
        if ("contact", contact["id"]) in renamed and ("customer", customer_id) not in renamed:
            records.update(Customer, customer_id, {"name": contact["name"]})
        else:
            records.update(Contact, contact["id"], {"name": name})


def _reasons_fit(customer_ids: Sequence[int]) -> None:
    table = Customer.__table__
    moved = _put_back("customer", {"lifecycle", "lost_reason"})
    wanted = select(table.c.id).where(
        table.c.id.in_(moved.intersection(customer_ids)),
        table.c.lifecycle != "lost",
        table.c.lost_reason.is_not(None),
    )
    found = database.session.execute(wanted).scalars()
    records.update_many(Customer, {one: {"lost_reason": None} for one in found})


def _closing_days_fit(customer_ids: Sequence[int]) -> None:
    """A need that is closed again without a closing day of its own is from today on."""
    table = Need.__table__
    moved, dated = _put_back("need", {"status", "closed_on"}), _put_back("need", {"closed_on"})
    wanted = select(table.c.id, table.c.status, table.c.closed_on).where(
        table.c.customer_id.in_(customer_ids)
    )
    days: dict[int, dict[str, Any]] = {}
    for need in database.session.execute(wanted) if moved else ():
        if need.id in moved and need.status not in CLOSED:
            days[need.id] = {"closed_on": None}
        elif need.id in moved - dated and need.closed_on is None:
            days[need.id] = {"closed_on": local_day(current().at)}
    records.update_many(Need, days)


def _contacts(customer_ids: Sequence[int]) -> dict[int, list[Row]]:
    table = Contact.__table__
    found: dict[int, list[Row]] = {}
    rows = database.session.execute(
        select(table.c.id, table.c.customer_id, table.c.is_primary, table.c.is_self, table.c.name)
        .where(table.c.customer_id.in_(customer_ids), table.c.state == "active")
        .order_by(table.c.id)
    )
    for row in rows.mappings():
        found.setdefault(row["customer_id"], []).append(row)
    return found


def _put_back(kind: str, some: Collection[str]) -> set[int]:
    """The records of a kind that the operation under way has given other values of some columns."""
    return {record for name, record, columns in _changed() if name == kind and columns & set(some)}


def _changed() -> list[tuple[str, int, set[str]]]:
    """What the operation under way has changed so far."""
    return [
        (change["record_type"], change["record_id"], set(change["diff"]))
        for change in current().changes
    ]
