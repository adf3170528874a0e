"""Whose records a statement answers, right by right."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from crmlite import clock
from crmlite.access import Reader, visible_to
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.testing import person_id
from crmlite.work.actors import command_line

OWNERS = ("sales", "sales2", "support", None)


@pytest.fixture
def customers(app: Flask) -> Iterator[None]:
    """A customer of each of the owners, called after them."""
    with app.app_context():
        for login in OWNERS:
            owner = person_id(login) if login else None
            values = {"kind": "company", "name": login or "nobody", "owner_id": owner}
            create_customer(CustomerDraft(values=values), by=command_line(), at=clock.now())
        yield


def visible(permission: str | None = None, *, by_id: bool = False, **scopes: str) -> list[str]:
    """The names of the customers that sales sees, whose team mate is sales2."""
    me, mate = person_id("sales"), person_id("sales2")
    reader = Reader(
        user_id=me,
        login="sales",
        name="",
        grants={f"customers:{verb}": scope for verb, scope in scopes.items()},
        mates=frozenset({me, mate}),
    )
    names = select(Customer.__table__.c.name).order_by(Customer.__table__.c.id)
    return list(
        database.session.execute(
            visible_to(reader, names, permission=permission, by_id=by_id)
        ).scalars()
    )


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize(
    ("see", "edit", "seen", "editable"),
    [
        ("", "", [], []),
        ("", "all", [], []),
        ("own", "", ["sales"], []),
        ("own", "all", ["sales"], ["sales"]),
        ("team", "own", ["sales", "sales2"], ["sales"]),
        ("team", "all", ["sales", "sales2"], ["sales", "sales2"]),
        ("all", "team", ["sales", "sales2", "support", "nobody"], ["sales", "sales2"]),
    ],
)
def test_a_right_reaches_no_further_than_sight(
    see: str, edit: str, seen: list[str], editable: list[str]
) -> None:
    assert visible(see=see, edit=edit) == seen
    assert visible("customers:edit", see=see, edit=edit) == editable
    assert visible("customers:edit", by_id=True, see=see, edit=edit) == editable


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("scope", ["own", "team", "all"])
def test_records_named_by_their_ids_are_not_looked_for_among_all(scope: str) -> None:
    grants = {"customers:see": scope}
    reader = Reader(user_id=3, login="", name="", grants=grants, mates=frozenset({3, 4}))
    table = Customer.__table__
    wanted = visible_to(reader, select(table.c.name).where(table.c.id.in_([1, 2])), by_id=True)
    asked = wanted.compile(database.engine, compile_kwargs={"literal_binds": True})
    plan = database.session.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    assert [row.detail for row in plan] == ["SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"]
