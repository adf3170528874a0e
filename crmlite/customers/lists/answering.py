"""The rows of a list: columns only, no records; one statement for the page, one for the count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true

from crmlite.access import Reader, visible_to
from crmlite.customers.conditions.asked_fields import asked as answered
from crmlite.customers.conditions.catalogue import catalogue, places
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition, sort_column
from crmlite.customers.fields import column_of
from crmlite.customers.lists.query_string import Asked
from crmlite.customers.queries import EVERYDAY, Row, main_contacts, tags_of
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database
from crmlite.rules.conditions import fields_used
from crmlite.rules.lifecycle import DORMANT, LOST
from crmlite.work.records import chunks

SIZE = 50
CAP = 10_000
KEPT = 200
AT_ONCE = 5_000  # ids of a whole list
OF_TODAY = frozenset({"order_gap"})  # reckoned with the day on which the list is asked for
FACT_FIELDS = frozenset(c.name for c in FACTS.c) | {"last_contact", "next_step"} | OF_TODAY
ALWAYS_READ = ("id", "uid", "number", "name", "kind", "owner_id", "state", "currency", "version")
BESIDE = {  # what a column shows besides its own value
    "last_contact": ("last_contact_said", "last_contact_by_id", "last_contact_at"),
    "next_step": ("next_step", "next_step_on"),
    "order_gap": ("last_order_on", "order_interval"),
    "lifecycle": ("stage",),
    "tier": ("lifecycle",),
}
OF_CONTACTS = frozenset({"phone", "email", "im"})  # columns that show the main contact


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. `count` stops at the cap: `count > CAP` reads as "10,000+". Tags and main
    contacts are there where a column shows them."""

    page: Page
    count: int
    tags: Mapping[int, Sequence[int]]
    contacts: Mapping[int, Row]
    size: int = SIZE


def listing(asked: Asked, reader: Reader, today: date, size: int = SIZE) -> Listing:
    """The page that is asked for. Raises BadCursor for a page marker of another list."""
    listed = places(catalogue(reader)[asked.sort])
    order = _order(asked, listed, today)
    if asked.tree.parts or asked.cursor or not _is_lasting(asked):
        selected = _selected(asked, order, reader, today)
        statement = ordered(selected, order, CUSTOMER.c.id, asked.cursor, size)
    else:
        arrangement = asked.columns, asked.sort, asked.descending, listed, size
        statement = _first_page(*arrangement, *_sight(reader))
    rows = database.session.execute(statement).mappings().all()
    page = cut(rows, order, asked.cursor, size, key="sort_value", id_key="id")
    ids = [row["id"] for row in page.rows]
    tags = tags_of(ids) if "tags" in asked.columns else {}
    contacts = {} if OF_CONTACTS.isdisjoint(asked.columns) else main_contacts(ids)
    return Listing(page, count_up_to(asked, reader, today), tags, contacts, size)


def count_up_to(
    asked: Asked, reader: Reader, today: date, cap: int = CAP, *, permission: str | None = None
) -> int:
    """How many customers a list has, or has on which the reader holds a right; more than `cap` of
    them count as one more than it."""
    if asked.tree.parts or permission is not None:
        counted = _counted(_matching(asked, reader, today, permission), cap)
    else:
        counted = _whole_count(cap, *_sight(reader))
    return int(database.session.execute(counted).scalar_one())


def ids_in_order(
    asked: Asked, reader: Reader, today: date, permission: str, states: Sequence[str]
) -> Iterator[int]:
    """The ids of all customers of a list on which the reader holds a right, in its order; they are
    read a few thousand at a time, so that a million of them need no memory."""
    order = _order(asked, places(catalogue(reader)[asked.sort]), today)
    statement = _matching(asked, reader, today, permission, states=states)
    in_order = ordered(statement, order, CUSTOMER.c.id, "", None)
    found = database.session.execute(in_order, execution_options={"yield_per": AT_ONCE})
    yield from found.scalars()


def ids_matching(asked: Asked, reader: Reader, today: date, permission: str) -> list[int]:
    """The ids of all customers of a list on which the reader holds a right."""
    statement = _matching(asked, reader, today, permission).with_only_columns(CUSTOMER.c.id)
    return list(database.session.execute(statement.order_by(CUSTOMER.c.id)).scalars())


def changeable(
    reader: Reader, ids: Sequence[int], permission: str, *, resting: bool = False
) -> list[int]:
    """Those of some customers on which the reader holds a right; with `resting` only dormant and
    lost ones."""
    found: list[int] = []
    for some in chunks(ids):
        statement = select(CUSTOMER.c.id).where(CUSTOMER.c.id.in_(some)).order_by(CUSTOMER.c.id)
        if resting:
            statement = statement.where(CUSTOMER.c.lifecycle.in_((DORMANT, LOST)))
        statement = visible_to(reader, statement, permission=permission, by_id=True)
        found += database.session.execute(statement).scalars()
    return found


Sight = tuple[str, int, frozenset[int]]  # all that decides which customers somebody sees


def _sight(reader: Reader) -> Sight:
    return reader.scope("customers:see"), reader.user_id, reader.mates


def _seer(scope: str, user_id: int, mates: frozenset[int]) -> Reader:
    """A reader of whom nothing is known but their sight: what is kept cannot hold more."""
    grants = {"customers:see": scope}
    return Reader(user_id=user_id, login="", name="", grants=grants, mates=mates)


# The list without conditions is opened most of all, and making its statements costs more than
# asking them: they are kept, by everything that they depend on.
@lru_cache(maxsize=KEPT)
def _first_page(
    columns: tuple[str, ...],
    sort: str,
    descending: bool,
    listed: tuple[str, ...],
    size: int,
    *sight: Any,
) -> Select[Any]:
    asked = Asked(columns=columns, sort=sort, descending=descending)
    order = _order(asked, listed, date.min)
    selected = _selected(asked, order, _seer(*sight), date.min)
    return ordered(selected, order, CUSTOMER.c.id, "", size)


@lru_cache(maxsize=KEPT)
def _whole_count(cap: int, *sight: Any) -> Select[Any]:
    return _counted(_matching(Asked(), _seer(*sight), date.min), cap)


def _counted(matching: Select[Any], cap: int) -> Select[Any]:
    some = matching.with_only_columns(CUSTOMER.c.id).limit(cap + 1)
    return select(func.count()).select_from(some.subquery())


def _selected(asked: Asked, order: Sort, reader: Reader, today: date) -> Select[Any]:
    names = dict.fromkeys(ALWAYS_READ)
    facts: dict[str, None] = {}
    others: list[ColumnElement[Any]] = []
    for name in asked.columns:
        wanted = BESIDE.get(name, ())
        if name in FACT_FIELDS:
            facts |= dict.fromkeys(wanted or (name,))
        elif column_of(name) in CUSTOMER.c:
            names |= dict.fromkeys((column_of(name), *wanted))
        elif name in answered():
            others.append(answered()[name].value.label(name))
        elif "__" in name:
            names["extra"] = None
    columns = [CUSTOMER.c[name] for name in names] + [FACTS.c[name] for name in facts] + others
    statement = _matching(asked, reader, today, join=bool(facts) or _needs_facts(asked))
    return statement.with_only_columns(
        *columns, order.column.label("sort_value"), maintain_column_froms=True
    )


def _matching(
    asked: Asked,
    reader: Reader,
    today: date,
    permission: str | None = None,
    *,
    join: bool | None = None,
    states: Sequence[str] = EVERYDAY,
) -> Select[Any]:
    source = CUSTOMER
    if join if join is not None else _needs_facts(asked):
        source = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id)
    statement = select(CUSTOMER.c.id).select_from(source)
    if asked.tree.parts:
        tree = condition(asked.tree, catalogue(reader), asking(reader, today))
        statement = statement.where(tree)
    return visible_to(reader, statement.where(true()), permission=permission, states=states)


def _is_lasting(asked: Asked) -> bool:
    """Whether its statement can be kept: it asks neither what day it is nor what others answer, whose
    statements change with the firm's arrangements."""
    read = {*asked.columns, asked.sort}
    return asked.sort not in OF_TODAY and answered().keys().isdisjoint(read)


def _needs_facts(asked: Asked) -> bool:
    return asked.sort in FACT_FIELDS or not FACT_FIELDS.isdisjoint(fields_used(asked.tree))


def _order(asked: Asked, listed: tuple[str, ...], today: date) -> Sort:
    return Sort(asked.sort, sort_column(asked.sort, listed, today), asked.descending)


__all__ = ["CAP", "SIZE", "Listing", "count_up_to", "ids_in_order", "ids_matching", "listing"]
