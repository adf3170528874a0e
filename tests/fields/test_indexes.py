"""Quick fields: their indexes are made in the background, serve filter and sort, and go again."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event, text

from crmlite import clock, fields
from crmlite.access.readers import everything
from crmlite.customers.lists.answering import listing
from crmlite.customers.lists.query_string import Asked
from crmlite.db import derived, migrate
from crmlite.extensions import database
from crmlite.fields.indexes import PREFIX, unmade
from crmlite.fields.operations import retire_field
from crmlite.jobs.worker import Worker
from crmlite.rules.conditions import All, where
from crmlite.rules.fields import BadDeclaration, Choice, Field
from crmlite.work.actors import command_line
from tests.customers.operating import added
from tests.fields.packs import bring

GOLD = Choice("gold", "Gold")
QUICK = (
    Field(name="shop__points", label="Points", kind="integer", indexed=True),
    Field(name="shop__share", label="Share", kind="number", indexed=True),
    Field(name="shop__since", label="Since", kind="date", indexed=True),
    Field(name="shop__seen", label="Seen", kind="moment", indexed=True),
    Field(name="shop__card", label="Card", indexed=True),
    Field(name="shop__vip", label="VIP", kind="boolean", indexed=True),
    Field(name="shop__level", label="Level", kind="choice", choices=(GOLD,), indexed=True),
    Field(name="shop__spent", label="Spent", kind="amount", indexed=True),
)
ASKED = {
    "shop__points": where("shop__points", "at_least", 9),
    "shop__share": where("shop__share", "above", 0.5),
    "shop__since": where("shop__since", "before", date(2026, 1, 1)),
    "shop__seen": where("shop__seen", "after", date(2026, 1, 1)),
    "shop__card": where("shop__card", "is", "GOLD 卡"),
    "shop__level": where("shop__level", "is", "gold"),
    "shop__spent": where("shop__spent", "at_least", 900),
}


def work(app: Flask) -> None:
    """What waits in the background, as a worker does it."""
    worker = Worker(app)
    while worker.step():
        pass


def there() -> set[str]:
    database.session.rollback()
    connection = database.session.connection()
    return {name for name in derived.existing(connection) if name.startswith(PREFIX)}


@pytest.fixture
def shop(inside: Flask) -> Flask:
    """A pack with eight quick fields, all of them made quick, and some customers."""
    bring(inside, "shop", customer=QUICK)
    work(inside)
    for number in range(3):
        added(name=f"Firm {number} Ltd")
    return inside


def test_the_indexes_are_made_in_the_background(inside: Flask, engine: str):
    bring(inside, "shop", customer=QUICK)
    assert there() == set()
    assert unmade()
    work(inside)
    each = 2 if engine == "postgresql" else 1
    assert len(there()) == each * len(QUICK)
    assert unmade() == set()
    assert derived.missing(database.session.connection()) == []


def test_they_are_made_again_with_the_rest_of_the_schema(shop: Flask):
    [lost, *_] = sorted(there())
    database.session.rollback()
    with database.engine.begin() as connection:
        connection.execute(text(f'DROP INDEX "{lost}"'))
    assert derived.missing(database.session.connection()) == [lost]
    database.session.rollback()
    migrate.upgrade(database.engine)
    assert lost in there()


def test_an_index_goes_when_its_field_is_asked_for_no_more(shop: Flask):
    found = fields.known_fields("customer")
    assert "shop__points" in found
    row = database.session.execute(
        text("SELECT id FROM field WHERE name = 'shop__points'")
    ).scalar_one()
    retire_field(row, by=command_line(), at=clock.now())
    work(shop)
    assert not any("shop__points" in name for name in there())


def plan(engine: str, asked: Asked) -> str:
    """How the page of a list is found."""
    statements: list = []
    session = database.session

    def keep(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        listing(asked, everything(), date(2026, 6, 15))
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)
    statement, parameters = next(one for one in statements if "sort_value" in one[0])
    if engine == "postgresql":  # in a table of a page it would read the page
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
    how = "EXPLAIN QUERY PLAN" if engine == "sqlite" else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{how} {statement}", parameters)
    return " ".join(str(part) for row in rows for part in row)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", [field.name for field in QUICK if field.kind != "choice"])
def test_a_list_sorted_by_a_quick_field_goes_by_its_index(
    shop: Flask, engine: str, name: str, descending: bool
):
    with shop.test_request_context():
        found = plan(engine, Asked(sort=name, descending=descending, columns=("name", name)))
    assert f"{PREFIX}customer_{name}" in found
    assert "TEMP B-TREE" not in found and "Sort " not in found


@pytest.mark.parametrize("name", ASKED)
def test_a_filter_by_a_quick_field_goes_by_its_index(shop: Flask, engine: str, name: str):
    tree = All((ASKED[name],))
    with shop.test_request_context():
        found = plan(engine, Asked(tree=tree, sort="shop__points", columns=("name",)))
        found += plan(engine, Asked(tree=tree, sort=name, columns=("name",)))
    assert f"{PREFIX}customer_{name}" in found


def test_there_are_at_most_eight(inside: Flask):
    bring(inside, "shop", customer=QUICK[:7])
    more = [
        Field(name=f"bakery__{letter}", label=letter, kind="integer", indexed=True)
        for letter in "ab"
    ]
    fields.refuse_too_many("customer", more[:1], "bakery")
    with pytest.raises(BadDeclaration, match="at most 8 indexed fields, and there would be 9"):
        fields.refuse_too_many("customer", more, "bakery")
    fields.refuse_too_many("case", more, "bakery")
    fields.refuse_too_many("customer", QUICK, "shop")  # a later version of the same pack
