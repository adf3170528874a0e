"""The product list as its pages show it, and as orders pick from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort
from sqlalchemy import Select, func, or_, select

from crmlite.access import Reader
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database
from crmlite.sales.models import OrderLine, Product
from crmlite.search.queries import find

Row = Mapping[str, Any]
PRODUCTS, LINES = Product.__table__, OrderLine.__table__
ACTIVE, RETIRED = "active", "retired"
SIZE = 50
MOST_COUNTED = 1000
MOST_FOUND = 200
OFFERED = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the product list is asked for: those that are ACTIVE or RETIRED, of a category, found by a
    text."""

    state: str = ACTIVE
    category: str = ""
    text: str = ""


def product(product_id: int) -> Row:
    """A product with whether it was ever ordered (`is_ordered`); 404 when there is none."""
    ordered_once = (
        select(LINES.c.id).where(LINES.c.product_id == PRODUCTS.c.id).correlate(PRODUCTS).exists()
    )
    wanted = select(PRODUCTS, ordered_once.label("is_ordered")).where(
        PRODUCTS.c.id == product_id, PRODUCTS.c.state != "deleted"
    )
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        abort(404)
    return row


def name_of(product_id: int) -> str:
    """What a product is called, also one that is in the recycle bin; empty where there is none."""
    wanted = select(PRODUCTS.c.name).where(PRODUCTS.c.id == product_id)
    return str(database.session.execute(wanted).scalar() or "")


def products(reader: Reader, wanted: Wanted, cursor: str = "") -> Page:
    """A page of the product list, by name. Raises BadCursor."""
    sort = Sort("name", PRODUCTS.c.name_sort)
    statement = ordered(_asked(reader, wanted), sort, PRODUCTS.c.id, cursor, SIZE)
    rows = database.session.execute(statement).mappings().all()
    return cut(rows, sort, cursor, SIZE, key="name_sort", id_key="id")


def products_counted(reader: Reader, wanted: Wanted) -> int:
    """How many there are; counted to MOST_COUNTED."""
    some = _asked(reader, wanted).with_only_columns(PRODUCTS.c.id).limit(MOST_COUNTED).subquery()
    return int(database.session.execute(select(func.count()).select_from(some)).scalar_one())


def _asked(reader: Reader, wanted: Wanted) -> Select[Any]:
    statement = select(PRODUCTS).where(PRODUCTS.c.state == wanted.state)
    if wanted.category:
        statement = statement.where(PRODUCTS.c.category == wanted.category)
    if wanted.text:
        hits = find(reader, wanted.text, {"product"}, limit=MOST_FOUND)
        statement = statement.where(PRODUCTS.c.id.in_([hit.record_id for hit in hits]))
    return statement


def offered(reader: Reader, text: str) -> list[Row]:
    """The products that fit what is typed, best first; without a text the first of the list."""
    statement = select(PRODUCTS).where(PRODUCTS.c.state == ACTIVE)
    if not text.strip():
        some = statement.order_by(PRODUCTS.c.name_sort, PRODUCTS.c.id).limit(OFFERED)
        return list(database.session.execute(some).mappings())
    hits = [hit.record_id for hit in find(reader, text, {"product"}, limit=OFFERED)]
    rows = database.session.execute(statement.where(PRODUCTS.c.id.in_(hits))).mappings()
    order = {product_id: place for place, product_id in enumerate(hits)}
    return sorted(rows, key=lambda row: order[row["id"]])


def meant(texts: Sequence[str]) -> dict[str, Row]:
    """The products that these texts name: by their code, by their name where only one has it, or by
    both as the form offers them."""
    asked = {text.strip() for text in texts} - {""}
    if not asked:
        return {}
    codes = {text.partition(" ")[0] for text in asked}
    statement = select(PRODUCTS).where(
        PRODUCTS.c.state == ACTIVE,
        or_(PRODUCTS.c.code.in_(sorted(asked | codes)), PRODUCTS.c.name.in_(sorted(asked))),
    )
    found: dict[str, list[Row]] = {}
    for row in database.session.execute(statement).mappings():
        for text in {row["code"], row["name"], called(row)} & asked:
            found.setdefault(text, []).append(row)
    return {text: rows[0] for text, rows in found.items() if len(rows) == 1}


def called(row: Row) -> str:
    """A product by its code and name, as it is typed into an order; by its name alone where that says
    the code."""
    code, name = row["code"] or "", str(row["name"])
    return name if not code or name.startswith(code) else f"{code} {name}"
