"""The rows of the list of a kind of records."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from crmlite.access import Reader
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database
from crmlite.fields import extra_column
from crmlite.fields.values import sort_expression
from crmlite.objects.kinds import Kind
from crmlite.objects.queries import columns
from crmlite.objects.query_string import CUSTOMER, DAY, MINE, TEAM, Wanted, filters, sorts, today
from crmlite.objects.sight import CUSTOMERS, OBJECTS, SOURCES, seen
from crmlite.rules.fields import Field
from crmlite.search.queries import find

SIZE = 50
CAP = 10_000
MOST_FOUND = 200


def page_of(of: Kind, reader: Reader, wanted: Wanted, cursor: str = "", size: int = SIZE) -> Page:
    """A page of the list. Raises BadCursor."""
    sort = _sort(of, reader, wanted)
    selected = _asked(of, reader, wanted, (*columns(of.parent), sort.column.label("sort_value")))
    statement = ordered(selected, sort, OBJECTS.c.id, cursor, size)
    rows = database.session.execute(statement).mappings().all()
    return cut(rows, sort, cursor, size, key="sort_value", id_key="id")


def counted(of: Kind, reader: Reader, wanted: Wanted) -> int:
    """How many records the list has; more than the cap count as one more than it."""
    some = _asked(of, reader, wanted, (OBJECTS.c.id,)).limit(CAP + 1).subquery()
    counting = select(func.count()).select_from(some)
    return int(database.session.execute(counting).scalar_one())


def ids_in_order(of: Kind, reader: Reader, wanted: Wanted) -> list[int]:
    """The ids of all records of the list, in its order."""
    selected = _asked(of, reader, wanted, (OBJECTS.c.id,))
    in_order = ordered(selected, _sort(of, reader, wanted), OBJECTS.c.id, "", None)
    return list(database.session.execute(in_order).scalars())


def rows_of(of: Kind, reader: Reader, object_ids: Sequence[int]) -> list[Any]:
    """Those of these records that are there and in sight, in this order."""
    statement = (
        select(*columns(of.parent))
        .select_from(SOURCES[of.parent])
        .where(OBJECTS.c.id.in_(object_ids))
    )
    found = database.session.execute(seen(reader, statement, of.parent)).mappings()
    by_id = {row["id"]: row for row in found}
    return [by_id[one] for one in object_ids if one in by_id]


def _asked(of: Kind, reader: Reader, wanted: Wanted, selected: Sequence[Any]) -> Select[Any]:
    statement = select(*selected).select_from(SOURCES[of.parent])
    statement = statement.where(OBJECTS.c.type_id == of.id, *_narrowed(of, reader, wanted))
    return seen(reader, statement, of.parent)


def _narrowed(of: Kind, reader: Reader, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.view == MINE:
        found.append(CUSTOMERS.c.owner_id == reader.user_id)
    if wanted.view == TEAM:
        found.append(CUSTOMERS.c.owner_id.in_(sorted(reader.mates)))
    if wanted.owner_id is not None:
        found.append(CUSTOMERS.c.owner_id == wanted.owner_id)
    since, until = wanted.days(today())
    if since is not None:
        found.append(OBJECTS.c.day >= since)
    if until is not None:
        found.append(OBJECTS.c.day <= until)
    found += [
        _has(field, wanted.values[field.name])
        for field in filters(of)
        if field.name in wanted.values
    ]
    if wanted.text:
        found.append(_fits(of, reader, wanted.text))
    return found


def _has(field: Field, value: str) -> ColumnElement[bool]:
    column = extra_column(field, OBJECTS)
    if field.kind == "boolean":
        return column.is_(value == "yes")
    if field.multiple:
        return column.contains(f'"{value}"', autoescape=True)
    return column == value


def _fits(of: Kind, reader: Reader, text: str) -> ColumnElement[bool]:
    """Records that are called so, or whose customer a search finds."""
    hits = find(reader, text, {"customer"}, limit=MOST_FOUND)
    fits = OBJECTS.c.customer_id.in_([hit.record_id for hit in hits])
    title = of.field(of.title)
    if title is None or title.choices:
        return fits
    called = func.lower(extra_column(title, OBJECTS))
    return or_(fits, called.contains(text.lower(), autoescape=True))


def _sort(of: Kind, reader: Reader, wanted: Wanted) -> Sort:
    if wanted.sort == CUSTOMER:
        return Sort(CUSTOMER, CUSTOMERS.c.name_sort, wanted.descending)
    field = sorts(of, reader).get(wanted.sort)
    if field is None:
        return Sort(DAY, OBJECTS.c.day, wanted.descending)
    if field.choices:
        places = {choice.key: place for place, choice in enumerate(field.choices)}
        order = case(places, value=extra_column(field, OBJECTS))
        return Sort(field.name, order, wanted.descending)
    return Sort(field.name, sort_expression(field, OBJECTS), wanted.descending)
