"""How customers stand in the search index, and how they are shown when found."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.customers.choices import choice_label
from crmlite.customers.models import Alias, Contact, ContactKey, Customer, CustomerTag, Tag
from crmlite.customers.words import person_name
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.search.entries import Entry
from crmlite.search.hashes import hashes_of
from crmlite.search.index import put_many
from crmlite.search.matching import reasons
from crmlite.search.queries import ask
from crmlite.search.searchables import Found, Searchable
from crmlite.search.tokens import joined, name_tokens, number_tokens, tokens
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
) -> Entry:
    """A customer as it is found: its row, the names of its contacts, its earlier numbers, the words
    of its tags and the keyed hashes of its contacts."""
    return Entry(
        record_id=row["id"],
        title=row["name"],
        names=[name for name in names if name != row["name"]],
        numbers=[row["number"], *numbers],
        labels=labels,
        texts=[row["region"]] if row["region"] else (),
        hashes=hashes,
        owner_id=row["owner_id"],
        state=row["state"],
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
        .where(links.c.customer_id.in_(customer_ids))
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
        )
    )
    return {
        row.id: Found(
            url_for("customers.show", number=row.number),
            row.name,
            " · ".join(
                part
                for part in (
                    row.number,
                    choice_label("lifecycle", row.lifecycle),
                    person_name(row.owner_id),
                )
                if part
            ),
        )
        for row in rows
    }


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
    shown = {row.id: joined((name_tokens(row.name), number_tokens(row.number))) for row in rows}
    active = Contact.__table__.c.state == "active"
    gathered = (
        (N_("Contact"), _gathered(Contact, Contact.name, customer_ids, active), name_tokens),
        (N_("Tag"), _tag_labels(customer_ids), name_tokens),
        (N_("Earlier number"), _gathered(Alias, Alias.number, customer_ids), number_tokens),
        (N_("Region"), {row.id: [row.region] for row in rows if row.region}, tokens),
    )
    reached = _reached(text, customer_ids)
    found = {}
    for row in rows:
        others = [
            (_saying(what, value), cut(value))
            for what, values, cut in gathered
            for value in values.get(row.id, ())
        ]
        why = reached.get(row.id) or reasons(question, shown[row.id], others)
        found[row.id] = " · ".join(why)
    return found


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
