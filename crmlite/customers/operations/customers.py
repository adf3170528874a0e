"""Adding, changing, archiving and deleting customers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from crmlite import settings
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.following import ensure_facts, follow, refresh_all
from crmlite.customers.models import Alias, Contact, Customer, CustomerTag, Need, Remark
from crmlite.customers.numbers import claim_number, take_number
from crmlite.customers.operations.tags import refuse_automatic, tag_keys
from crmlite.extensions import database
from crmlite.rules.lifecycle import DORMANT
from crmlite.rules.names import name_key
from crmlite.search.pinyin import name_sort
from crmlite.work import Actor, Gone, Refused, current, operation, records, tell


@operation("customer_created")
def create_customer(draft: CustomerDraft, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Add a customer with its contacts, needs, remarks and tags; answers `{"id", "number"}`.

    Raises Refused when the draft's own number is in use (`number-taken`) or cannot be one, and for
    a tier that nobody sets (`tier-shows-dormancy`).
    """
    refuse_shown_tier(draft.values)
    today = local_day(at)
    values = {
        "lifecycle": "potential",
        "currency": settings.get("currency"),
        "first_contact_on": today,
        **draft.values,
    }
    if draft.number:
        claim_number(draft.number)
    number = draft.number or take_number(today)
    values |= {
        "number": number,
        "name_sort": name_sort(values["name"], person=values["kind"] == "person"),
        "name_key": name_key(values["name"]),
        "inferred": list(draft.inferred) or None,
        "extra": dict(draft.extra) or None,
    }
    customer_id = records.insert(Customer, values)
    ensure_facts([customer_id])
    _add_contacts(customer_id, values, draft)
    today_or_first = values["first_contact_on"] or today
    for need in draft.needs:
        records.insert(Need, {"opened_on": today_or_first, **need, "customer_id": customer_id})
    for remark in draft.remarks:
        records.insert(Remark, {"author_id": by.user_id, **remark, "customer_id": customer_id})
    for alias in draft.aliases:
        records.insert(Alias, {"number": alias, "customer_id": customer_id})
    if draft.tags:
        _add_tags(customer_id, draft.tags, at)
    follow(
        [customer_id],
        names=bool(draft.contacts),
        facts=bool(draft.contacts or draft.needs or draft.remarks),
    )
    tell("customer_created", customer_id=customer_id)
    return {"id": customer_id, "number": number}


def _add_contacts(customer_id: int, values: Mapping[str, Any], draft: CustomerDraft) -> None:
    primary = next((i for i, c in enumerate(draft.contacts) if c.get("is_primary")), 0)
    for place, contact in enumerate(draft.contacts):
        name = contact.get("name") or values["name"]
        records.insert(
            Contact,
            {
                **contact,
                "name": name,
                "name_sort": name_sort(name, person=True),
                "customer_id": customer_id,
                "is_primary": place == primary,
            },
        )


def _add_tags(customer_id: int, tag_ids: Any, at: datetime) -> None:
    refuse_automatic(tag_ids)
    rows = [{"customer_id": customer_id, "tag_id": tag, "since": at} for tag in set(tag_ids)]
    database.session.execute(insert(CustomerTag.__table__), rows)
    records.note(Customer, customer_id, {"tags": [[], tag_keys(tag_ids)]})


@operation("customer_updated")
def update_customer(
    customer_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Change fields of a customer; answers the id of the operation, 0 when nothing changed.

    `extra` may hold some of the pack fields: the others stay. What was inferred so far and is
    among the values is confirmed by this, also as it is. Raises Stale, Gone, Refused
    (`tier-shows-dormancy`).
    """
    wanted = dict(values)
    extra, inferred = _beside(customer_id)
    if "extra" in wanted:
        wanted["extra"] = {**(extra or {}), **wanted["extra"]} or None
    if inferred:
        told = {*values, *values.get("extra", ())}
        wanted["inferred"] = [name for name in inferred if name not in told] or None
    changed = records.update(Customer, customer_id, wanted, version=version)
    if not changed.keys() - {"inferred"}:
        return 0
    if "tier" in changed:
        refuse_shown_tier(wanted)
    if "name" in changed:
        _rename_self(customer_id, str(wanted["name"]))
    follow([customer_id], names="name" in changed, facts=False)
    tell("customer_changed", customer_id=customer_id)
    return current().id


def refuse_shown_tier(values: Mapping[str, Any]) -> None:
    """Refuse to set the tier that only shows that a customer is dormant."""
    if values.get("tier") == DORMANT:
        raise Refused("tier-shows-dormancy")


def _rename_self(customer_id: int, name: str) -> None:
    """Carry the new name of a person on to the contact that is the person themselves."""
    table = Contact.__table__
    found = database.session.execute(
        select(table.c.id).where(
            table.c.customer_id == customer_id,
            table.c.is_self.is_(True),
            table.c.state == "active",
        )
    ).scalars()
    records.update_many(Contact, {contact_id: {"name": name} for contact_id in found})


def _beside(customer_id: int) -> tuple[dict[str, Any] | None, list[str] | None]:
    """The pack fields of a customer, and the names of what was inferred."""
    table = Customer.__table__
    found = database.session.execute(
        select(table.c.extra, table.c.inferred).where(table.c.id == customer_id)
    ).one_or_none()
    return (found.extra, found.inferred) if found else (None, None)


@operation("customer_archived")
def archive_customer(customer_id: int, *, by: Actor, at: datetime) -> int:
    """Put a dormant or lost customer out of everyday sight. Raises Refused (`archive-active`)."""
    row = _row(customer_id)
    if row["lifecycle"] not in ("dormant", "lost"):
        raise Refused("archive-active")
    return _change_state(customer_id, "archived")


@operation("customer_deleted")
def delete_customer(
    customer_id: int, *, by: Actor, at: datetime, version: int | None = None
) -> int:
    """Move a customer, with all that hangs on it, to the recycle bin. Raises Stale, Gone."""
    return _change_state(customer_id, "deleted", version)


@operation("customer_revived")
def revive_customer(customer_id: int, *, by: Actor, at: datetime) -> int:
    """Bring an archived or deleted customer back; everything that hung on it is there again."""
    return _change_state(customer_id, "active")


def _change_state(customer_id: int, state: str, version: int | None = None) -> int:
    changed = records.update(Customer, customer_id, {"state": state}, version=version)
    if not changed:
        return 0
    refresh_all([customer_id])
    return current().id


def _row(customer_id: int) -> Mapping[str, Any]:
    table = Customer.__table__
    row = (
        database.session.execute(select(table).where(table.c.id == customer_id)).mappings().first()
    )
    if row is None:
        raise Gone("customer", customer_id)
    return row


def local_day(at: datetime) -> date:
    """The firm's calendar day at a moment."""
    return at.astimezone(ZoneInfo(settings.get("timezone"))).date()
