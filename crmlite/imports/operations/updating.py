"""Rows about customers that are known: what the file gives takes the place of what stood there, what
it does not give stays."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.access.sensitive import whole_text
from crmlite.customers.following import follow
from crmlite.customers.models import Contact, Customer, Need, Remark
from crmlite.customers.operations.needs import with_closing_day
from crmlite.customers.operations.tags import replace_tags, rivals_of
from crmlite.customers.queries import tags_of
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations import add_histories
from crmlite.imports.drafting import Draft
from crmlite.imports.judging import Verdict
from crmlite.rules.contact_details import email_forms, phone_forms
from crmlite.search.pinyin import name_sort
from crmlite.settings.places import calling_code
from crmlite.settings.queries import local_day
from crmlite.work import Actor, records, tell

Row = Mapping[str, Any]
Drafts = Sequence[tuple[int, Draft]]
Lines = tuple[str, ...]
WAYS = (Contact.mobile, Contact.phone, Contact.email)
PHONES = ("mobile", "phone")


def update_customers(verdicts: Sequence[Verdict], *, by: Actor, at: datetime) -> None:
    """Change customers as rows say; belongs inside an operation. Several rows may be about one: each
    later one takes the place of the earlier."""
    drafts: list[tuple[int, Draft]] = []
    values: dict[int, dict[str, Any]] = {}
    for one in verdicts:
        assert one.draft is not None
        assert one.customer_id is not None
        drafts.append((one.customer_id, one.draft))
        values.setdefault(one.customer_id, {}).update(one.draft.given)
    if not drafts:
        return
    ids = sorted(values)
    _with_extra(values, drafts)
    records.update_many(Customer, values)
    _update_contacts(drafts)
    _add_needs(drafts, at)
    _add_remarks(drafts, by)
    _add_tags(drafts, at)
    follow(ids)
    _add_histories(drafts, by, at)
    for customer_id in ids:
        tell("customer_changed", customer_id=customer_id)


def _with_extra(values: dict[int, dict[str, Any]], drafts: Drafts) -> None:
    """Fields of packs: those that the file does not give stay."""
    given: dict[int, dict[str, Any]] = {}
    for customer_id, draft in drafts:
        if draft.customer.extra:
            given.setdefault(customer_id, {}).update(draft.customer.extra)
    for customer_id, extra in given.items():
        values[customer_id]["extra"] = extra


def _update_contacts(drafts: Drafts) -> None:
    """A contact of the file is the one with the same name, phone or e-mail; else it is a new one. Who
    is the customer themselves stays so, and is called as the customer is. Each row meets the contacts
    as the rows before it left them."""
    people = _people(drafts)
    changes: dict[int, dict[str, Any]] = {}
    fresh: list[dict[str, Any]] = []
    for customer_id, draft in drafts:
        theirs = people.setdefault(customer_id, [])
        for given in draft.customer.contacts:
            known = _known_among(theirs, given)
            contact = {name: value for name, value in given.items() if name != "is_self"}
            if known is None:
                fresh.append(_fresh(customer_id, contact, draft, is_primary=not theirs))
                theirs.append(fresh[-1])
                continue
            if known.get("is_self"):
                contact.pop("name", None)
            contact = _without_known_phones(contact, known)
            known |= contact
            if "id" in known:  # those that are not in the book yet are written as they stand here
                changes.setdefault(known["id"], {}).update(contact)
    records.update_many(Contact, changes)
    records.insert_many(Contact, fresh)


def _people(drafts: Drafts) -> dict[int, list[dict[str, Any]]]:
    """The contacts of these customers, by what they are recognised by."""
    return {
        customer_id: [
            {name: row[name] for name in ("id", "is_self", "is_primary", "name")}
            | {way.key: whole_text(way, row) for way in WAYS}
            for row in rows
        ]
        for customer_id, rows in _of(Contact, drafts).items()
    }


def _known_among(theirs: Sequence[dict[str, Any]], given: Row) -> dict[str, Any] | None:
    """Who of the contacts a contact of the file is: who has most in common with it, for colleagues
    share phones."""
    if given.get("is_self"):
        own = next((row for row in theirs if row.get("is_self")), None)
        if own is not None:
            return own
    return max(
        (row for row in theirs if any(_alike(row, given))),
        default=None,
        key=lambda row: (*_alike(row, given), bool(row.get("is_primary"))),
    )


def _without_known_phones(contact: Row, known: Row) -> dict[str, Any]:
    """The contact without numbers that the known one has in its other field, and keeps there: a file
    with one column for all phones does not tell which is the mobile."""
    home = calling_code()
    had = {name: _numbers([known.get(name)], home) for name in PHONES}
    given = {name: _numbers([contact.get(name)], home) for name in PHONES}
    kept = {name for name in PHONES if given[name] <= set().union(*had.values())}
    return {
        name: value
        for name, value in contact.items()
        if name not in PHONES
        or not any(given[name] & had[other] for other in kept if other != name)
    }


def _fresh(customer_id: int, contact: Row, draft: Draft, *, is_primary: bool) -> dict[str, Any]:
    name = contact.get("name") or draft.customer.values["name"]
    return {
        **contact,
        "name": name,
        "name_sort": name_sort(name, person=True),
        "customer_id": customer_id,
        "is_primary": is_primary,
    }


def _alike(row: Row, contact: Row) -> tuple[bool, bool, bool]:
    """Whether two contacts have the name, the e-mail address and a phone in common."""
    home = calling_code()
    given, there = ([one.get(name) for name in PHONES] for one in (contact, row))
    mail = email_forms(contact["email"]).address if contact.get("email") else ""
    return (
        bool(contact.get("name")) and row["name"] == contact["name"],
        bool(mail) and mail == email_forms(row.get("email") or "").address,
        bool(_numbers(given, home) & _numbers(there, home)),
    )


def _numbers(texts: Iterable[str | None], home: str) -> set[str]:
    return {phone_forms(text, home=home).whole for text in texts if text} - {""}


def _add_needs(drafts: Drafts, at: datetime) -> None:
    """Needs that the book does not tell of yet."""
    there = _of(Need, drafts)
    rows: list[dict[str, Any]] = []
    for customer_id, draft in drafts:
        for need in draft.customer.needs:
            theirs = there.setdefault(customer_id, [])
            if not any(_tells(row, need) for row in theirs):
                fresh = {"opened_on": local_day(at), **need, "customer_id": customer_id}
                rows.append(with_closing_day(fresh, at))
                theirs.append(need)
    records.insert_many(Need, rows)


def _tells(known: Row, need: Row) -> bool:
    """Whether a need says all that one of the file does."""
    return all(_said(known, name) == value for name, value in need.items())


def _said(known: Row, name: str) -> Any:
    """A value of a need: of the book, where texts are sealed, or of the file."""
    is_sealed = "uid" in known and Need.__table__.c[name].info.get("sealed")
    return whole_text(getattr(Need, name), known) if is_sealed else known.get(name)


def _add_remarks(drafts: Drafts, by: Actor) -> None:
    there = {
        customer_id: {_lines(text) for text in texts}
        for customer_id, texts in _texts(Remark, Remark.text, drafts).items()
    }
    rows = []
    for customer_id, draft in drafts:
        theirs = there.setdefault(customer_id, set())
        for remark in draft.customer.remarks:
            if not _is_made_of(lines := _lines(remark["text"]), theirs):
                rows.append({"author_id": by.user_id, **remark, "customer_id": customer_id})
                theirs.add(lines)
    records.insert_many(Remark, rows)


def _is_made_of(lines: Lines, known: Collection[Lines]) -> bool:
    """Whether a text is known, or is known texts one after the other: an export puts all remarks of
    a customer into one cell."""
    ends = {0}  # of what is known, from the beginning
    for start in range(len(lines)):
        if start in ends:
            ends |= {start + len(one) for one in known if lines[start : start + len(one)] == one}
    return len(lines) in ends


def _lines(text: str) -> Lines:
    """A text as it is compared: its lines without blanks around them, and without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _add_tags(drafts: Drafts, at: datetime) -> None:
    tagged = [(customer_id, draft) for customer_id, draft in drafts if draft.customer.tags]
    if not tagged:
        return
    had = tags_of([customer_id for customer_id, _ in tagged])
    wanted = {customer_id: set(tags) for customer_id, tags in had.items()}
    for customer_id, draft in tagged:
        given = set(draft.customer.tags)
        wanted[customer_id] = (wanted[customer_id] - rivals_of(given)) | given
    replace_tags(wanted, at)


def _add_histories(drafts: Drafts, by: Actor, at: datetime) -> None:
    """Contacts and steps that are not in the book yet: the same file brought again adds nothing, nor
    does an export, which tells neither how nor at which hour a contact was made."""
    said = _seen(Interaction, "occurred_at", "content", drafts)
    planned = _seen(Task, "due_on", "what", drafts)
    contacts, steps = [], []
    for customer_id, draft in drafts:
        contact, step = draft.contact, draft.step
        if contact:
            talk = (customer_id, local_day(contact.occurred_at), _lines(contact.content))
            if (talk if talk[2] else talk[:2]) not in said:
                contacts.append(replace(contact, customer_id=customer_id))
                said |= {talk, talk[:2]}
        if step:
            plan = (customer_id, step.due_on, _lines(step.what))
            if (plan[::2] if draft.is_day_assumed else plan) not in planned:
                steps.append(replace(step, customer_id=customer_id))
                planned |= {plan, plan[::2]}
    add_histories(contacts, steps, by=by, at=at)


def _of(model: type[Any], drafts: Drafts) -> dict[int, list[Row]]:
    """The active records of a kind that hang on these customers."""
    table = model.__table__
    ids = {customer_id for customer_id, _ in drafts}
    wanted = select(table).where(table.c.customer_id.in_(ids), table.c.state == "active")
    found: dict[int, list[Row]] = {}
    for row in database.session.execute(wanted.order_by(table.c.id)).mappings():
        found.setdefault(row["customer_id"], []).append(row)
    return found


def _texts(model: type[Any], attribute: Any, drafts: Drafts) -> dict[int, set[Any]]:
    """What stands in a sealed column of the records of these customers."""
    return {
        customer_id: {whole_text(attribute, row) for row in rows}
        for customer_id, rows in _of(model, drafts).items()
    }


def _seen(model: type[Any], day: str, text: str, drafts: Drafts) -> set[tuple[Any, ...]]:
    """What is known of these customers' contacts or steps: the customer with the day and the words,
    with either alone too."""
    table = model.__table__
    ids = {customer_id for customer_id, _ in drafts}
    found = select(table.c.customer_id, table.c[day], table.c[text]).where(
        table.c.customer_id.in_(ids), table.c.state == "active"
    )
    seen: set[tuple[Any, ...]] = set()
    for customer_id, at, words in database.session.execute(found):
        on = local_day(at) if isinstance(at, datetime) else at
        key = (customer_id, on, _lines(words or ""))
        seen |= {key, key[:2], key[::2]}
    return seen
