"""How customers stand in the search index, and how they are shown when found."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.customers.choices import choice_label
from crmlite.customers.models import Alias, Contact, ContactKey, Customer, CustomerTag, Tag
from crmlite.customers.words import person_name
from crmlite.extensions import database
from crmlite.search.entries import Entry
from crmlite.search.index import put_many
from crmlite.search.searchables import Found, Searchable
from crmlite.wording import N_

TYPE = "customer"


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
    ).all()
    names = _gathered(Contact, Contact.name, customer_ids, Contact.__table__.c.state == "active")
    numbers = _gathered(Alias, Alias.number, customer_ids)
    hashes = _gathered(ContactKey, ContactKey.hash, customer_ids)
    labels = _tag_labels(customer_ids)
    put_many(
        TYPE,
        [
            Entry(
                record_id=row.id,
                title=row.name,
                names=[name for name in names.get(row.id, ()) if name != row.name],
                numbers=[row.number, *numbers.get(row.id, ())],
                labels=labels.get(row.id, ()),
                texts=[row.region] if row.region else (),
                hashes=hashes.get(row.id, ()),
                owner_id=row.owner_id,
                state=row.state,
            )
            for row in found
        ],
    )


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
    for customer_id, label in rows:
        gathered.setdefault(customer_id, []).extend(dict.fromkeys(label.values()))
    return gathered


def searchable() -> Searchable:
    """Customers in the search box."""
    return Searchable(
        record_type=TYPE,
        label=N_("Customers"),
        icon="users",
        permission="customers:see",
        present=present,
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
