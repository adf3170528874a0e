"""Adding customers, one or many: all that follows from them is worked out before it is written.

What `following` reads back from the book after a change is known here already. Forms, imports and
made-up books come this way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from crmlite import settings
from crmlite.customers.completeness import is_incomplete
from crmlite.customers.confirming.lapsing import is_asked_for
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.following import EMPTY, counted_needs, hashes_of_ways
from crmlite.customers.models import (
    Alias,
    Contact,
    ContactKey,
    Customer,
    CustomerTag,
    Facts,
    Need,
    Remark,
    Tag,
)
from crmlite.customers.naming import Named, named
from crmlite.customers.numbers import give_numbers
from crmlite.customers.operations.needs import with_closing_day
from crmlite.customers.operations.tags import all_keys, automatic_tags, refuse_automatic
from crmlite.customers.search_rows import TYPE, entry, labels_of
from crmlite.customers.tags.rules import dues
from crmlite.db.bulk import insert_rows
from crmlite.extensions import database
from crmlite.rules.lifecycle import DORMANT
from crmlite.search.index import put_many
from crmlite.settings.queries import local_day
from crmlite.work import Actor, Refused, records

Values = Mapping[str, Any]


@dataclass(slots=True)
class Newcomer:
    """A customer on its way into the book: what was handed in, and what is known by now."""

    draft: CustomerDraft
    named: Named
    values: dict[str, Any]
    id: int = 0
    contacts: Sequence[Values] = ()
    hashes: Sequence[str] = ()


def add_customers(drafts: Sequence[CustomerDraft], *, by: Actor, at: datetime) -> list[Newcomer]:
    """Add customers with their contacts, needs, remarks and tags; belongs inside an operation.

    Raises Refused when a draft's own number is in use (`number-taken`) or cannot be one, for a tier
    that nobody sets (`tier-shows-dormancy`) and for tags that rules set (`tag-automatic`).
    """
    today = local_day(at)
    given = give_numbers([draft.number for draft in drafts], today)
    newcomers = [
        _newcomer(draft, number, today) for draft, number in zip(drafts, given, strict=True)
    ]
    ids = records.insert_many(Customer, [one.values for one in newcomers])
    for one, customer_id in zip(newcomers, ids, strict=True):
        one.id = customer_id
    _add_contacts(newcomers)
    _add_others(newcomers, by, at)
    labels = _add_tags(newcomers, at)
    _count(newcomers)
    put_many(TYPE, [_entry(one, labels) for one in newcomers])
    return newcomers


def refuse_shown_tier(values: Values) -> None:
    """Refuse to set the tier that only shows that a customer is dormant."""
    if values.get("tier") == DORMANT:
        raise Refused("tier-shows-dormancy")


def _newcomer(draft: CustomerDraft, number: str, today: date) -> Newcomer:
    refuse_shown_tier(draft.values)
    known = draft.named or _named(draft)
    values = {
        "lifecycle": "potential",
        "currency": settings.get("currency"),
        "first_contact_on": today,
        **draft.values,
    }
    values |= {
        "number": number,
        "name_sort": known.name_sort,
        "name_key": known.name_key,
        "inferred": list(draft.inferred) or None,
        "extra": dict(draft.extra) or None,
    }
    return Newcomer(draft, known, values)


def _named(draft: CustomerDraft) -> Named:
    name = draft.values["name"]
    return named(
        name,
        kind=draft.values["kind"],
        contacts=[contact.get("name") or name for contact in draft.contacts],
        region=draft.values.get("region"),
    )


def _add_contacts(newcomers: Sequence[Newcomer]) -> None:
    rows = []
    for one in newcomers:
        people = one.draft.contacts
        primary = next((i for i, contact in enumerate(people) if contact.get("is_primary")), 0)
        one.contacts = [
            {
                **contact,
                "name": contact.get("name") or one.values["name"],
                "name_sort": one.named.contacts[place],
                "customer_id": one.id,
                "is_primary": place == primary,
            }
            for place, contact in enumerate(people)
        ]
        rows += one.contacts
    ids = iter(records.insert_many(Contact, rows))
    keys: list[dict[str, Any]] = []
    for one in newcomers:
        fresh = [key for contact in one.contacts for key in _keys(one.id, next(ids), contact)]
        one.hashes = [key["hash"] for key in fresh]
        keys += fresh
    insert_rows(database.session.connection(), ContactKey.__table__, keys)


def _keys(customer_id: int, contact_id: int, contact: Values) -> list[dict[str, Any]]:
    return [
        {"contact_id": contact_id, "customer_id": customer_id, "purpose": purpose, "hash": value}
        for purpose, value in sorted(hashes_of_ways(contact))
    ]


def _add_others(newcomers: Sequence[Newcomer], by: Actor, at: datetime) -> None:
    """Needs, remarks and earlier numbers."""
    needs, remarks, aliases = [], [], []
    for one in newcomers:
        since = {"opened_on": one.values["first_contact_on"] or local_day(at)}
        whose = {"customer_id": one.id}
        needs += [with_closing_day({**since, **need, **whose}, at) for need in one.draft.needs]
        remarks += [{"author_id": by.user_id, **remark, **whose} for remark in one.draft.remarks]
        aliases += [{"number": alias, **whose} for alias in one.draft.aliases]
    records.insert_many(Need, needs)
    records.insert_many(Remark, remarks)
    records.insert_many(Alias, aliases)


def _add_tags(newcomers: Sequence[Newcomer], at: datetime) -> Mapping[int, Sequence[str]]:
    """Tags of the drafts; answers how each of them is found."""
    wanted = {tag for one in newcomers for tag in one.draft.tags}
    if not wanted:
        return {}
    refuse_automatic(wanted, automatic_tags())
    rows, names = [], dict(all_keys())
    for one in newcomers:
        if tags := set(one.draft.tags):
            rows += [{"customer_id": one.id, "tag_id": tag, "since": at} for tag in sorted(tags)]
            records.note(Customer, one.id, {"tags": [[], sorted(names[tag] for tag in tags)]})
    database.session.execute(insert(CustomerTag.__table__), rows)
    table = Tag.__table__
    found = database.session.execute(
        select(table.c.id, table.c.label)
        .where(table.c.id.in_(wanted), table.c.quiet.is_(False))
        .order_by(table.c.id)
    )
    return {row.id: labels_of(row.label) for row in found}


def _count(newcomers: Sequence[Newcomer]) -> None:
    """Write what is counted about each."""
    due = {**dues(), "confirm_due": is_asked_for()}
    further = dict.fromkeys(name for one in newcomers for name in one.draft.facts)
    rows = [
        {
            "customer_id": one.id,
            **further,
            **EMPTY,
            **counted_needs(one.draft.needs),
            "contacts": len(one.contacts),
            "risks": sum(bool(remark.get("is_risk")) for remark in one.draft.remarks),
            "incomplete": is_incomplete(one.values, one.contacts),
            **due,
            **one.draft.facts,
        }
        for one in newcomers
    ]
    insert_rows(database.session.connection(), Facts.__table__, rows)


def _entry(one: Newcomer, labels: Mapping[int, Sequence[str]]) -> Any:
    return entry(
        {"id": one.id, "state": "active", "owner_id": None, "region": None, **one.values},
        names=[contact["name"] for contact in one.contacts],
        numbers=one.draft.aliases,
        hashes=one.hashes,
        labels=[word for tag in labels if tag in one.draft.tags for word in labels[tag]],
        made=one.named.tokens,
    )
