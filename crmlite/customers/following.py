"""What follows from what was written: sort names, keyed hashes, search rows, counts, and what
goes along to a new owner.

Called at the end of every operation that touches customers, in its transaction, and after an undo.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from crmlite import hooks
from crmlite.access.sensitive import whole_text
from crmlite.customers.completeness import refresh_completeness
from crmlite.customers.confirming.lapsing import lapse
from crmlite.customers.models import Contact, ContactKey, Customer, Facts, Need, Remark
from crmlite.customers.search_rows import index_customers
from crmlite.customers.tags.rules import have_looked_at
from crmlite.customers.wholeness import make_whole
from crmlite.db.keys import ring
from crmlite.db.sealing import keyed_hash
from crmlite.extensions import database
from crmlite.rules.contact_details import email_forms, im_form, phone_forms
from crmlite.rules.names import name_key
from crmlite.search.pinyin import name_sort
from crmlite.settings.places import calling_code
from crmlite.work.operations import current, tell
from crmlite.work.records import UPDATED, chunks

URGENCIES = ("high", "medium", "low")
OPEN = ("open", "proposed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sliding:
    """Figures that the days change, such as what was bought within a year. `until` is the column of
    the facts with the day from which on one of `columns` is another figure though nothing happens;
    `refresh` counts them anew."""

    until: str
    columns: tuple[str, ...]
    refresh: Callable[[Sequence[int]], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class FactsPart:
    """What another slice keeps of customers: counts, what its own records are found by. `refresh`
    is called after an undo or a restore, and when customers get other names; those that are
    `sliding` are also counted every night."""

    name: str
    refresh: Callable[[Sequence[int]], None]
    sliding: Sliding | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerChange:
    """A customer that gets another owner; None is nobody."""

    customer_id: int
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnedPart:
    """What goes along when customers get other owners, in the operation that gives them these; `retiered`
    gets the ids of those that it gives other tiers."""

    name: str
    go_along: Callable[[Sequence[OwnerChange]], None] | None = None
    retiered: Callable[[Sequence[int]], None] | None = None


def follow(customer_ids: Iterable[int], *, names: bool = True, facts: bool = True) -> None:
    """Make everything that follows from these customers anew.

    `names` covers sort names and keys of customers and contacts; `facts` what is counted. Whether
    something required is missing and the search rows are always made.
    """
    wanted = sorted(set(customer_ids))
    _let_go_along(wanted)
    for ids in chunks(wanted):
        if names:
            _refresh_names(ids)
            _refresh_contacts(ids)
        if facts:
            refresh_facts(ids)
        else:
            refresh_completeness(ids)
        index_customers(ids)
        have_looked_at(ids)
    lapse(wanted)


def _let_go_along(customer_ids: Sequence[int]) -> None:
    updated = _updated(customer_ids)
    changes = [
        OwnerChange(customer_id=customer_id, before=owners[0], after=owners[1])
        for customer_id, diff in updated
        if (owners := diff.get("owner_id"))
    ]
    retiered = [customer_id for customer_id, diff in updated if "tier" in diff]
    for part in hooks.gathered("register_owned_parts") if changes or retiered else ():
        if changes and part.go_along is not None:
            part.go_along(changes)
        if retiered and part.retiered is not None:
            part.retiered(retiered)
    if renamed := [customer_id for customer_id, diff in updated if "name" in diff]:
        for part in hooks.gathered("register_facts"):
            part.refresh(renamed)


def _updated(customer_ids: Sequence[int]) -> list[tuple[int, Mapping[str, Any]]]:
    """Those of these customers that the operation has changed so far, with what it changed."""
    ids = set(customer_ids)
    return [
        (change["record_id"], change["diff"])
        for change in current().changes
        if change["record_type"] == "customer"
        and change["verb"] == UPDATED
        and change["record_id"] in ids
    ]


def refresh_all(customer_ids: list[int]) -> None:
    """Everything, with what other slices count, and tell of it: after an undo or a restore."""
    make_whole(customer_ids)
    follow(customer_ids)
    for part in hooks.gathered("register_facts"):
        part.refresh(customer_ids)
    for customer_id in customer_ids:
        tell("customer_changed", customer_id=customer_id)


def ensure_facts(customer_ids: Sequence[int]) -> None:
    """Give new customers their facts row."""
    table = Facts.__table__
    there = set(
        database.session.execute(
            select(table.c.customer_id).where(table.c.customer_id.in_(customer_ids))
        ).scalars()
    )
    rows = [{"customer_id": i, **EMPTY} for i in customer_ids if i not in there]
    if rows:
        database.session.execute(insert(table), rows)


EMPTY = {
    "interactions": 0,
    "contacts": 0,
    "needs": 0,
    "open_needs": 0,
    "risks": 0,
    "orders": 0,
    "bought": 0,
    "orders_year": 0,
    "bought_year": 0,
    "asked": 0,
    "complaints": 0,
    "incomplete": False,
}


def refresh_facts(customer_ids: Sequence[int]) -> None:
    """Count contacts, needs and risks of these customers again, and look what they lack."""
    ensure_facts(customer_ids)
    contacts, needs, remarks = Contact.__table__, Need.__table__, Remark.__table__
    session = database.session
    found: dict[int, dict[str, Any]] = {
        i: {"contacts": 0, "risks": 0, **counted_needs(())} for i in customer_ids
    }
    for customer_id, number in session.execute(
        _alive(contacts, customer_ids, contacts.c.customer_id, func.count()).group_by(
            contacts.c.customer_id
        )
    ):
        found[customer_id]["contacts"] = number
    for customer_id, number in session.execute(
        _alive(remarks, customer_ids, remarks.c.customer_id, func.count())
        .where(remarks.c.is_risk.is_(True))
        .group_by(remarks.c.customer_id)
    ):
        found[customer_id]["risks"] = number
    wanted = _alive(
        needs,
        customer_ids,
        needs.c.customer_id,
        needs.c.status,
        needs.c.urgency,
        needs.c.budget,
        needs.c.core_need,
    ).order_by(needs.c.id)
    theirs: dict[int, list[Mapping[str, Any]]] = {}
    for need in session.execute(wanted).mappings():
        theirs.setdefault(need["customer_id"], []).append(need)
    for customer_id, some in theirs.items():
        found[customer_id] |= counted_needs(some)
    table = Facts.__table__
    session.connection().execute(
        update(table)
        .where(table.c.customer_id == bindparam("id"))
        .values({name: bindparam(name) for name in next(iter(found.values()))}),
        [{"id": i, **values} for i, values in found.items()],
    )
    refresh_completeness(customer_ids)


def counted_needs(needs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the facts say of a customer's needs, given in the order of their ids: how many there
    are, how many are open, and what the most urgent of these is about."""
    some = list(needs)
    opened = [need for need in some if need.get("status", "open") in OPEN]
    first = min(opened, key=_urgency, default={})
    about = {name: first.get(name) for name in ("urgency", "budget", "core_need")}
    return {"needs": len(some), "open_needs": len(opened), **about}


def _urgency(need: Mapping[str, Any]) -> int:
    urgency = need.get("urgency")
    return URGENCIES.index(urgency) if urgency in URGENCIES else len(URGENCIES)


def _alive(table: Any, customer_ids: Sequence[int], *columns: Any) -> Any:
    return select(*columns).where(table.c.customer_id.in_(customer_ids), table.c.state == "active")


def _refresh_names(customer_ids: Sequence[int]) -> None:
    table = Customer.__table__
    found = database.session.execute(
        select(table.c.id, table.c.kind, table.c.name, table.c.name_sort, table.c.name_key).where(
            table.c.id.in_(customer_ids)
        )
    ).all()
    rows = [
        {"row": row.id, "name_sort": sort, "name_key": key}
        for row in found
        if (sort := name_sort(row.name, person=row.kind == "person"), key := name_key(row.name))
        != (row.name_sort, row.name_key)
    ]
    if rows:
        database.session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("row"))
            .values(name_sort=bindparam("name_sort"), name_key=bindparam("name_key")),
            rows,
        )


def _refresh_contacts(customer_ids: Sequence[int]) -> None:
    table, keys = Contact.__table__, ContactKey.__table__
    session = database.session
    found = (
        session.execute(select(table).where(table.c.customer_id.in_(customer_ids))).mappings().all()
    )
    if not found:
        return
    stored: dict[int, set[tuple[str, str]]] = {}
    for row in session.execute(
        select(keys.c.contact_id, keys.c.purpose, keys.c.hash).where(
            keys.c.customer_id.in_(customer_ids)
        )
    ):
        stored.setdefault(row.contact_id, set()).add((row.purpose, row.hash))
    fresh: list[dict[str, Any]] = []
    outdated: list[int] = []
    for row in found:
        wanted = contact_hashes(row) if row["state"] == "active" else set()
        if wanted != stored.get(row["id"], set()):
            outdated.append(row["id"])
            fresh += [
                {
                    "contact_id": row["id"],
                    "customer_id": row["customer_id"],
                    "purpose": purpose,
                    "hash": value,
                }
                for purpose, value in sorted(wanted)
            ]
    if any(contact_id in stored for contact_id in outdated):
        session.execute(delete(keys).where(keys.c.contact_id.in_(outdated)))
    if fresh:
        session.execute(insert(keys), fresh)
    names = [
        {"row": row["id"], "name_sort": sort}
        for row in found
        if (sort := name_sort(row["name"], person=True)) != row["name_sort"]
    ]
    if names:
        session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("row"))
            .values(name_sort=bindparam("name_sort")),
            names,
        )


def contact_hashes(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The keyed hashes by which a contact is found, of its row as it is stored."""
    ways = (Contact.mobile, Contact.phone, Contact.email, Contact.im)
    return hashes_of_ways({way.key: whole_text(way, row) for way in ways})


def hashes_of_ways(contact: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The keyed hashes of the ways to reach a contact, given as plain text under their columns:
    `{("phone", "…"), ("phone-tail", "…"), …}`."""
    forms: set[tuple[str, str]] = set()
    for column in ("mobile", "phone"):
        if text := contact.get(column):
            phone = phone_forms(text, home=calling_code())
            forms |= {("phone", phone.whole), ("phone-tail", phone.tail)}
    if text := contact.get("email"):
        mail = email_forms(text)
        forms |= {
            ("email", mail.address),
            ("email-name", mail.local),
            ("email-domain", mail.domain),
        }
    if text := contact.get("im"):
        forms.add(("im", im_form(text)))
    keys = ring()
    return {(purpose, keyed_hash(keys, purpose, form)) for purpose, form in forms if form}
