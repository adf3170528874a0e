"""`crmlite search rebuild` makes what can be found anew, from the book alone, batch by batch."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from crmlite import clock, hooks
from crmlite.access.readers import everything
from crmlite.db.engines import write_options
from crmlite.extensions import database
from crmlite.search import index, operations
from crmlite.search.commands import search
from crmlite.search.models import SearchDoc, is_postgresql
from crmlite.search.queries import find
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow
from tests.customers.operating import added

TABLE = SearchDoc.__table__


@pytest.fixture
def customers(inside: Flask) -> list[int]:
    return [added(name=f"Firm {n} 云杉")["id"] for n in range(7)]


def spoil(*statements: Any) -> None:
    """Write to the database past all operations."""
    database.session.rollback()
    database.session.connection(execution_options=write_options(database.engine))
    for statement in statements:
        database.session.execute(statement)
    database.session.commit()


def rows() -> list[tuple[Any, ...]]:
    return [tuple(row) for row in database.session.execute(select(TABLE).order_by(TABLE.c.id))]


def rebuilt() -> tuple[int, list[tuple[str, int]]]:
    told: list[tuple[str, int]] = []
    number = operations.rebuild(
        lambda kind, done: told.append((kind, done)), by=command_line(), at=clock.now()
    )
    return number, told


def test_what_is_missing_wrong_or_left_over_is_put_right(customers, monkeypatch):
    monkeypatch.setattr(operations, "BATCH", 3)
    before = {row[2:] for row in rows()}
    empty = "" if not is_postgresql() else text("''::tsvector")
    spoil(
        delete(TABLE).where(TABLE.c.record_id == customers[0]),
        update(TABLE).where(TABLE.c.record_id == customers[1]).values(body=empty, title="wrong"),
        insert(TABLE).values(
            record_type="customer", record_id=999, title="ghost", body=empty, scope=empty
        ),
    )
    assert rebuilt() == (7, [("customer", 3), ("customer", 6), ("customer", 7)])
    assert {row[2:] for row in rows()} == before
    assert {hit.record_id for hit in find(everything(), "云杉")} == set(customers)
    assert index.is_whole()


def test_a_full_text_table_that_says_something_else_is_made_anew(customers):
    if not is_postgresql():
        spoil(
            text("INSERT INTO search_index (rowid, body, scope) VALUES (77, 'ghost', '~customer')")
        )
        assert not index.is_whole()
    rebuilt()
    assert index.is_whole()


def test_rows_that_are_right_are_not_written_again_and_nothing_stands_in_the_ledger(customers):
    table = OperationRow.__table__
    before, done = rows(), len(database.session.execute(select(table)).all())
    rebuilt()
    assert rows() == before
    assert len(database.session.execute(select(table)).all()) == done


def test_each_kind_is_asked_for_its_rows_by_its_own_slice(app: Flask, customers, monkeypatch):
    asked: list[Sequence[int]] = []
    kinds = [replace(one, index=asked.append) for one in hooks.gathered("register_searchables")]
    known = hooks.registry().known
    monkeypatch.setitem(known, ("register_searchables", hooks.enabled()), tuple(kinds))
    rebuilt()
    assert asked == [customers]


def test_the_command_says_how_many_there_are(customers):
    spoil(delete(TABLE))
    result = CliRunner().invoke(search, ["rebuild"])
    assert result.exit_code == 0
    assert result.output.startswith("7 records can be found")
    assert len(find(everything(), "firm")) == 7
