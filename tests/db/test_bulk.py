"""Many rows at once are what SQLAlchemy would have written of them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, select

from crmlite.customers.models import Customer
from crmlite.db.bulk import insert_rows
from crmlite.extensions import database

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROW = {
    "uid": "a",
    "number": "C1",
    "kind": "company",
    "name": "甲",
    "name_sort": "jia3",
    "name_key": "甲",
    "lifecycle": "potential",
    "inferred": ["size"],
    "founded_on": date(1999, 5, 1),
    "currency": "CNY",
    "annual_amount": 12,
    "extra": {"trade__level": "金", "n": [1, None]},
    "created_at": AT,
    "updated_at": AT,
    "version": 1,
}


def test_values_of_every_kind_come_back_as_they_went_in(inside: Flask) -> None:
    table, connection = Customer.__table__, database.session.connection()
    others = {"uid": "b", "number": "C2", "inferred": None, "extra": None, "founded_on": None}
    insert_rows(connection, table, [ROW, {**ROW, **others}])
    connection.execute(insert(table), [{**ROW, "uid": "c", "number": "C3"}])
    many, empty, one = (
        {**row} for row in connection.execute(select(table).order_by(table.c.number)).mappings()
    )
    same = {name for name in many if name not in ("id", "uid", "number")}
    assert {name: many[name] for name in same} == {name: one[name] for name in same}
    assert {name: empty[name] for name in others} == others
    assert (many["state"], many["birthday_lunar"]) == ("active", False)


def test_no_rows_are_no_statement(inside: Flask) -> None:
    insert_rows(database.session.connection(), Customer.__table__, [])


def test_rows_that_differ_in_their_columns_are_refused(inside: Flask) -> None:
    lacking = {name: value for name, value in ROW.items() if name != "name"}
    with pytest.raises(KeyError):
        insert_rows(database.session.connection(), Customer.__table__, [ROW, lacking])
