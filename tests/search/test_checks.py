"""`crmlite check` says what the search would not find, and what it would find in vain."""

import pytest
from flask import Flask
from sqlalchemy import delete, text

from crmlite.db.engines import write_options
from crmlite.extensions import database
from crmlite.search.checks import check
from crmlite.search.models import SearchDoc, is_postgresql
from crmlite.work.checks import GOOD, WRONG
from tests.customers.operating import added

TABLE = SearchDoc.__table__


@pytest.fixture
def customers(inside: Flask) -> list[int]:
    return [added(name=f"Firm {n}")["id"] for n in range(3)]


def run(*statements) -> None:
    """Write to the database past all operations."""
    database.session.rollback()
    database.session.connection(execution_options=write_options(database.engine))
    for statement in statements:
        database.session.execute(statement)
    database.session.commit()


def found(*, thorough: bool = True) -> list[tuple[str, str]]:
    """What is said, but for kinds of records of which there are none."""
    findings = [(finding.level, str(finding)) for finding in check().run(thorough)]
    database.session.rollback()
    return [one for one in findings if not one[1].startswith("0 records")]


def test_a_whole_index_is_said_to_be_whole(customers: list[int]) -> None:
    assert found() == [(GOOD, "3 records of the kind customer are in the search index.")]


def test_rows_that_are_missing_or_left_over_are_counted(customers: list[int]) -> None:
    run(
        delete(TABLE).where(TABLE.c.record_id == customers[0]),
        TABLE.update().where(TABLE.c.record_id == customers[1]).values(record_id=999),
    )
    assert found() == [
        (WRONG, "2 records of the kind customer are not in the search index."),
        (WRONG, "1 search rows of the kind customer are of records that are not there."),
    ]


def test_a_full_text_table_that_differs_is_noticed(customers: list[int]) -> None:
    if is_postgresql():
        assert found() == found(thorough=False)
        return
    run(text("INSERT INTO search_index (rowid, body, scope) VALUES (77, 'ghost', '~customer')"))
    whole = (GOOD, "3 records of the kind customer are in the search index.")
    assert found() == [
        (WRONG, "The full-text table says something else than the search rows."),
        whole,
    ]
    assert found(thorough=False) == [whole]
