"""How customers stand in the search index, and how they are shown when found."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.customers.choices import choices
from crmlite.customers.models import Alias, Contact, ContactKey, Customer, CustomerTag, Tag
from crmlite.customers.naming import other_names
from crmlite.customers.words import person_name
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.search.entries import Entry
from crmlite.search.hashes import hashes_of
from crmlite.search.index import put_many
from crmlite.search.matching import is_said, reasons
from crmlite.search.queries import ask
from crmlite.search.searchables import Found, Searchable
from crmlite.search.tokens import Tokens, joined, name_tokens, number_tokens, tokens
from crmlite.settings.places import calling_code
from crmlite.wording import N_, label

TYPE = "customer"
WAYS = {"phone": N_("Phone"), "email": N_("E-mail"), "im": N_("WeChat/WeCom")}


def index_customers(customer_ids: Sequence[int]) -> None:
    """Make the search rows of these customers anew."""
    table = Customer.__table__
    found = database.session.execute(
        select(
            table.c.id,
            table.c.name,
            table.c.number,
            table.c.owner_id,
            table.c.state,
            table.c.region,
        ).where(table.c.id.in_(customer_ids))
    ).mappings()
    names = _gathered(Contact, Contact.name, customer_ids, Contact.__table__.c.state == "active")
    numbers = _gathered(Alias, Alias.number, customer_ids)
    hashes = _gathered(ContactKey, ContactKey.hash, customer_ids)
    labels = _tag_labels(customer_ids)
    put_many(
        TYPE,
        [
            entry(
                row,
                names=names.get(row["id"], ()),
                numbers=numbers.get(row["id"], ()),
                labels=labels.get(row["id"], ()),
                hashes=hashes.get(row["id"], ()),
            )
            for row in found
        ],
    )


def entry(
    row: Mapping[Any, Any],
    *,
    names: Sequence[str],
    numbers: Sequence[str],
    labels: Sequence[str],
    hashes: Sequence[str],
    made: Tokens | None = None,
) -> Entry:
    """A customer as it is found: its row, the names of its contacts, its earlier numbers, the words
    of its tags and the keyed hashes of its contacts; `made` are the tokens of its names."""
    return Entry(
        record_id=row["id"],
        title=row["name"],
        names=other_names(row["name"], names),
        numbers=[row["number"], *numbers],
        labels=labels,
        texts=[row["region"]] if row["region"] else (),
        hashes=hashes,
        owner_id=row["owner_id"],
        state=row["state"],
        made=made,
    )


def labels_of(words: Mapping[str, str]) -> list[str]:
    """By which words a tag is found: its label in every language."""
    return list(dict.fromkeys(words.values()))


def _gathered(
    model: type, column: Any, customer_ids: Sequence[int], *conditions: Any
) -> dict[int, list[str]]:
    """Values of a column by customer."""
    table = model.__table__
    gathered: dict[int, list[str]] = {}
    rows = database.session.execute(
        select(table.c.customer_id, table.c[column.key])
        .where(table.c.customer_id.in_(customer_ids), *conditions)
        .order_by(table.c.id)
    )
    for customer_id, value in rows:
        gathered.setdefault(customer_id, []).append(value)
    return gathered


def _tag_labels(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    links, tags = CustomerTag.__table__, Tag.__table__
    gathered: dict[int, list[str]] = {}
    rows = database.session.execute(
        select(links.c.customer_id, tags.c.label)
        .join(tags, tags.c.id == links.c.tag_id)
        .where(links.c.customer_id.in_(customer_ids), tags.c.quiet.is_(False))
        .order_by(tags.c.id)
    )
    for customer_id, words in rows:
        gathered.setdefault(customer_id, []).extend(labels_of(words))
    return gathered


def searchable() -> Searchable:
    """Customers in the search box."""
    return Searchable(
        record_type=TYPE,
        label=N_("Customers"),
        icon="users",
        permission="customers:see",
        present=present,
        index=index_customers,
        explain=explain,
    )


def present(reader: Reader, customer_ids: Sequence[int]) -> Mapping[int, Found]:
    """How found customers are shown; those out of sight are left out."""
    table = Customer.__table__
    rows = database.session.execute(
        visible_to(
            reader,
            select(
                table.c.id, table.c.name, table.c.number, table.c.lifecycle, table.c.owner_id
            ).where(table.c.id.in_(customer_ids)),
            by_id=True,
        )
    )
    place = url_for("customers.index")  # 50 addresses made one by one take longer than the search
    cycles = {one.key: label(one.label) for one in choices("lifecycle", retired=True)}
    found = {}
    for row in rows:
        about = (row.number, cycles.get(row.lifecycle), person_name(row.owner_id))
        hint = " · ".join(filter(None, about))
        found[row.id] = Found(f"{place}/{row.number}", row.name, hint)
    return found


def explain(text: str, customer_ids: Sequence[int]) -> Mapping[int, str]:
    """What fits about found customers besides their name and number: a contact, a tag, a region,
    an earlier number, or whose phone or mail it is."""
    question = ask(text)
    if question is None:
        return {}
    table = Customer.__table__
    rows = database.session.execute(
        select(table.c.id, table.c.name, table.c.number, table.c.region).where(
            table.c.id.in_(customer_ids)
        )
    ).all()
    found = _reached(text, customer_ids)
    unsaid = [
        row for row in rows if row.id not in found and not is_said(question, row.name, row.number)
    ]
    kept = _kept(unsaid) if unsaid else ()
    for row in unsaid:
        shown = joined((name_tokens(row.name), number_tokens(row.number)))
        others = (
            ((what, value), cut(value))
            for what, values, cut in kept
            for value in values.get(row.id, ())
        )
        found[row.id] = [_saying(*reason) for reason in reasons(question, shown, others)]
    return {customer_id: " · ".join(why) for customer_id, why in found.items()}


def _kept(rows: Sequence[Any]) -> Sequence[tuple[str, Mapping[int, Sequence[str]], Any]]:
    """What else customers are found by: what it is, its values by customer, how they are cut."""
    ids = [row.id for row in rows]
    active = Contact.__table__.c.state == "active"
    return (
        (N_("Contact"), _gathered(Contact, Contact.name, ids, active), name_tokens),
        (N_("Tag"), _tag_labels(ids), name_tokens),
        (N_("Earlier number"), _gathered(Alias, Alias.number, ids), number_tokens),
        (N_("Region"), {row.id: [row.region] for row in rows if row.region}, tokens),
    )


def _reached(text: str, customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Whose phone, mail address or account a text is."""
    keys, people = ContactKey.__table__, Contact.__table__
    rows = database.session.execute(
        select(keys.c.customer_id, keys.c.purpose, people.c.name)
        .join(people, people.c.id == keys.c.contact_id)
        .where(
            keys.c.customer_id.in_(customer_ids),
            keys.c.hash.in_(hashes_of(ring(), text, calling_code())),
            people.c.state == "active",
        )
        .order_by(keys.c.id)
    )
    found: dict[int, list[str]] = {}
    for customer_id, purpose, name in rows:
        words = _saying(WAYS[purpose.partition("-")[0]], name)
        if words not in found.setdefault(customer_id, []):
            found[customer_id].append(words)
    return found


def _saying(what: str, value: str) -> str:
    return str(_("%(field)s: %(value)s", field=label(what), value=value))
