"""Reading single customers and what hangs on them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, and_, bindparam, select

from crmlite.access import Reader, visible_to
from crmlite.access.sensitive import columns
from crmlite.customers.conditions.asked_fields import asked
from crmlite.customers.models import (
    Alias,
    Confirmation,
    Contact,
    Customer,
    CustomerTag,
    Dimension,
    Facts,
    Need,
    Remark,
    Tag,
)
from crmlite.extensions import database
from crmlite.files.queries import packed
from crmlite.rules.freshness import COLUMNS, CONTACT
from crmlite.rules.numbering import LONGEST, NUMBER
from crmlite.work.records import chunks

Row = Mapping[str, Any]
EVERYDAY = ("active",)
ALSO_ARCHIVED = ("active", "archived")
CUSTOMERS = Customer.__table__
IN_SHORT = ("id", "number", "name", "state", "owner_id", "tier", "lifecycle")
AT_ONCE = 500


def customer(number: str, *, seen_by: Reader, permission: str | None = None) -> Row:
    """A customer with its facts, by its number; 404 when it is out of the reader's sight.

    `permission` asks for another right besides seeing, such as `customers:edit`. An archived one is
    opened only by those who may. Sensitive and sealed columns are in the row as they are stored:
    read them with `access.shown` and `access.opened`.
    """
    row = customer_or_none(number, seen_by=seen_by, permission=permission)
    if row is None:
        abort(404)
    return row


def customer_or_none(number: str, *, seen_by: Reader, permission: str | None = None) -> Row | None:
    """The same; None in place of a 404."""
    customers, facts = Customer.__table__, Facts.__table__
    if not _may_be_number(number):
        return None
    statement = (
        select(
            customers,
            *(c for c in facts.c if c.name != "customer_id"),
            packed("customer", customers.c.id).label("attachments"),
        )
        .select_from(customers.join(facts, facts.c.customer_id == customers.c.id))
        .where(customers.c.number == number)
    )
    seen = visible_to(seen_by, statement, states=_opened_by(seen_by), permission=permission)
    return database.session.execute(seen).mappings().first()


def in_sight(reader: Reader, customer_ids: Collection[int]) -> dict[int, Row]:
    """Those of these customers that a reader sees, by id, archived ones too for who may open them:
    number, name, state, owner, tier, life-cycle."""
    states = _opened_by(reader)
    found: dict[int, Row] = {}
    for some in chunks(sorted(customer_ids), AT_ONCE):
        statement = select(*(CUSTOMERS.c[name] for name in IN_SHORT)).where(
            CUSTOMERS.c.id.in_(some)
        )
        seen = visible_to(reader, statement, states=states, by_id=True)
        found |= {row["id"]: row for row in database.session.execute(seen).mappings()}
    return found


def deleted_id(number: str, *, seen_by: Reader) -> int | None:
    """The id of a customer in the recycle bin whom the reader would see outside of it; else None."""
    if not _may_be_number(number):
        return None
    table = Customer.__table__
    statement = select(table.c.id).where(table.c.number == number)
    return database.session.execute(visible_to(seen_by, statement, states=("deleted",))).scalar()


def moved_number(number: str, *, seen_by: Reader) -> str | None:
    """The number under which a customer is found that once had this one, of several rather one in
    everyday use; None when nobody had."""
    if not _may_be_number(number):
        return None
    customers, aliases = Customer.__table__, Alias.__table__
    statement = (
        select(customers.c.number)
        .select_from(aliases.join(customers, customers.c.id == aliases.c.customer_id))
        .where(aliases.c.number == number)
        .order_by(customers.c.state != "active", customers.c.id)
    )
    seen = visible_to(seen_by, statement, states=_opened_by(seen_by))
    return database.session.execute(seen).scalar()


def _opened_by(reader: Reader) -> Sequence[str]:
    """The states of the customers that a reader may open."""
    return ALSO_ARCHIVED if reader.may("customers:see_archived") else EVERYDAY


def _may_be_number(text: str) -> bool:
    return len(text) <= LONGEST and NUMBER.fullmatch(text) is not None


def contacts_of(customer_id: int) -> Sequence[Row]:
    """The contacts of a customer that the reader was seen to see, the primary one first; with each
    when and by whom its parts were confirmed (`title_confirmed_at`, `title_confirmed_by_id`, …)."""
    table, told, joined = Contact.__table__, [], Contact.__table__
    for part in COLUMNS[CONTACT]:
        one = Confirmation.__table__.alias(part)
        names = ("confirmed_at", "confirmed_by_id")
        told += [one.c[name].label(f"{part}_{name}") for name in names]
        is_its = (one.c.record == CONTACT, one.c.record_id == table.c.id, one.c.part == part)
        joined = joined.outerjoin(one, and_(*is_its))
    wanted = (
        select(table, *told)
        .select_from(joined)
        .where(table.c.customer_id == customer_id, table.c.state == "active")
        .order_by(table.c.is_primary.desc(), table.c.name_sort, table.c.id)
    )
    return database.session.execute(wanted).mappings().all()


def needs_of(customer_id: int) -> Sequence[Row]:
    """The needs of a customer, open ones first, newest first."""
    table = Need.__table__
    found = (
        database.session.execute(
            select(table)
            .where(table.c.customer_id == customer_id, table.c.state == "active")
            .order_by(table.c.id.desc())
        )
        .mappings()
        .all()
    )
    return sorted(found, key=lambda need: need["status"] in ("landed", "dropped"))


def remarks_of(customer_id: int) -> Sequence[Row]:
    """The remarks of a customer, risks first, newest first."""
    table = Remark.__table__
    return (
        database.session.execute(
            select(table)
            .where(table.c.customer_id == customer_id, table.c.state == "active")
            .order_by(table.c.is_risk.desc(), table.c.id.desc())
        )
        .mappings()
        .all()
    )


def is_main_contact(customer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a contact is the main one of the customer with this id, for joining it; one has at most
    one, perhaps none."""
    table = Contact.__table__
    return and_(table.c.customer_id == customer_id, table.c.is_primary, table.c.state == "active")


def main_contacts(customer_ids: Sequence[int]) -> dict[int, Row]:
    """The main contact of each customer, with the ways to reach them as they are stored: `mobile`,
    `phone`, `email`, `im`; one statement."""
    table = Contact.__table__
    ways = columns(Contact.mobile, Contact.phone, Contact.email, Contact.im)
    found: dict[int, Row] = {}
    if customer_ids:
        rows = database.session.execute(
            select(table.c.id, table.c.customer_id, *ways)
            .where(table.c.customer_id.in_(customer_ids), table.c.state == "active")
            .order_by(table.c.is_primary.desc(), table.c.name_sort, table.c.id)
        )
        for row in rows.mappings():
            found.setdefault(row["customer_id"], row)
    return found


# The list asks this with each page.
TAGS_OF = (
    select(CustomerTag.__table__.c.customer_id, CustomerTag.__table__.c.tag_id)
    .where(CustomerTag.__table__.c.customer_id.in_(bindparam("ids", expanding=True)))
    .order_by(CustomerTag.__table__.c.tag_id)
)


def tags_of(customer_ids: Sequence[int]) -> dict[int, list[int]]:
    """The ids of the tags of each customer."""
    found: dict[int, list[int]] = {customer_id: [] for customer_id in customer_ids}
    if customer_ids:
        for customer_id, tag_id in database.session.execute(TAGS_OF, {"ids": list(customer_ids)}):
            found[customer_id].append(tag_id)
    return found


OF_TAG = (
    "id",
    "dimension_id",
    "key",
    "label",
    "position",
    "rule",
    "rule_on",
    "retired",
    "owner",
)


def answers(customer_id: int, names: Sequence[str]) -> Row:
    """What other slices answer about a customer, by the names of these fields."""
    known = asked()
    wanted = select(*(known[name].value.label(name) for name in names))
    wanted = wanted.select_from(CUSTOMERS).where(CUSTOMERS.c.id == customer_id)
    return database.session.execute(wanted).mappings().one()


def tags_by_dimension(customer_id: int) -> Sequence[Row]:
    """Each dimension (`key`, `label`, `dimension_owner`) with the label of each `tag` of the customer
    in it, its key, rule and owner; once with an empty `tag` where it has none."""
    dimensions, tags, links = Dimension.__table__, Tag.__table__, CustomerTag.__table__
    own = (
        select(*(tags.c[name] for name in OF_TAG))
        .join(links, and_(links.c.tag_id == tags.c.id, links.c.customer_id == customer_id))
        .subquery()
    )
    return (
        database.session.execute(
            select(
                dimensions.c.key,
                dimensions.c.label,
                dimensions.c.owner.label("dimension_owner"),
                own.c.label.label("tag"),
                own.c.key.label("tag_key"),
                own.c.rule,
                own.c.rule_on,
                own.c.retired,
                own.c.owner,
            )
            .select_from(dimensions.outerjoin(own, own.c.dimension_id == dimensions.c.id))
            .order_by(dimensions.c.position, dimensions.c.id, own.c.position, own.c.id)
        )
        .mappings()
        .all()
    )


def dimension_id(key: str) -> int:
    """The id of a shipped dimension: `basic`, `need`, `behaviour`, `free`."""
    table = Dimension.__table__
    return int(database.session.execute(select(table.c.id).where(table.c.key == key)).scalar_one())


def part(model: type, record_id: int, customer_id: int) -> Row:
    """A contact, need or remark that hangs on this customer; 404 when it does not."""
    table = model.__table__
    row = (
        database.session.execute(
            select(table).where(
                table.c.id == record_id,
                table.c.customer_id == customer_id,
                table.c.state == "active",
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        abort(404)
    return row


def dimension(dimension_id: int) -> Row | None:
    """A dimension of tags; None when there is none."""
    table = Dimension.__table__
    return (
        database.session.execute(select(table).where(table.c.id == dimension_id)).mappings().first()
    )


def tag(tag_id: int) -> Row | None:
    """A tag; None when there is none."""
    table = Tag.__table__
    return database.session.execute(select(table).where(table.c.id == tag_id)).mappings().first()


def dimensions_with_tags() -> list[tuple[Row, list[Row]]]:
    """Every dimension in order, with its tags; those no longer offered last."""
    dimensions, tags = Dimension.__table__, Tag.__table__
    found: dict[int, list[Row]] = {}
    for row in database.session.execute(
        select(tags).order_by(tags.c.retired, tags.c.position, tags.c.id)
    ).mappings():
        found.setdefault(row["dimension_id"], []).append(row)
    rows = database.session.execute(
        select(dimensions).order_by(dimensions.c.position, dimensions.c.id)
    ).mappings()
    return [(row, found.get(row["id"], [])) for row in rows]
