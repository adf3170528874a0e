"""Paging by keyset: every row once, in one order, forwards and backwards, on both engines."""

import base64
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, insert, select

from crmlite.db.columns import UTCDateTime
from crmlite.db.keyset import BadCursor, Sort, cut, ordered
from tests.db.engines_in_use import safe_engine

__all__ = ["safe_engine"]

metadata = MetaData()
row = Table(
    "row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer),
    Column("word", String),
    Column("day", Date),
    Column("at", UTCDateTime),
)
on_both = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
numbers = st.none() | st.integers(-3, 3)


def kinds(number: int | None) -> dict[str, object]:
    """A row whose four columns are in the same order as `number`."""
    if number is None:
        return {"number": None, "word": None, "day": None, "at": None}
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return {
        "number": number,
        "word": "abcdefg"[number + 3],
        "day": date(2026, 3, 10) + timedelta(days=number),
        "at": start + timedelta(microseconds=number),
    }


@pytest.fixture
def fill(safe_engine):
    """Puts rows in, in place of those that were there."""
    metadata.create_all(safe_engine)

    def filled(numbers):
        with safe_engine.begin() as connection:
            connection.execute(row.delete())
            for number in numbers:
                connection.execute(insert(row).values(kinds(number)))

    return filled


def page(engine, sort: Sort, cursor: str, size: int):
    """One page as a list shows it."""
    with engine.connect() as connection:
        statement = ordered(select(row), sort, row.c.id, cursor, size)
        found = connection.execute(statement).mappings().all()
    return cut(found, sort, cursor, size, key=sort.column.name, id_key="id")


def all_pages(engine, sort: Sort, size: int, *, backwards_from: str = "") -> list:
    """The rows of all pages from the first on, or back from a marker."""
    cursor, pages = backwards_from, []
    while True:
        shown = page(engine, sort, cursor, size)
        pages.append([found["id"] for found in shown.rows])
        cursor = shown.before if backwards_from else shown.after
        if not cursor:
            return pages


@given(
    numbers=st.lists(numbers, max_size=14),
    size=st.integers(1, 5),
    descending=st.booleans(),
    name=st.sampled_from(["number", "word", "day", "at"]),
)
@on_both
def test_all_pages_together_are_every_row_once_in_order(
    numbers, size, descending, name, fill, safe_engine
):
    fill(numbers)
    sort = Sort(name, row.c[name], descending)
    pages = all_pages(safe_engine, sort, size)
    assert all(len(shown) == size for shown in pages[:-1])
    found = [key for shown in pages for key in shown]
    with safe_engine.connect() as connection:
        by_id = dict(connection.execute(select(row.c.id, row.c.number)).all())
    sign = -1 if descending else 1
    wanted = sorted(
        by_id, key=lambda key: (by_id[key] is None, sign * (by_id[key] or 0), sign * key)
    )
    assert found == wanted


@given(numbers=st.lists(numbers, min_size=2, max_size=14), descending=st.booleans())
@on_both
def test_the_way_back_shows_the_same_pages(numbers, descending, fill, safe_engine):
    fill(numbers)
    sort = Sort("number", row.c.number, descending)
    size = 2
    first = page(safe_engine, sort, "", size)
    assert first.before == ""
    if first.after:
        second = page(safe_engine, sort, first.after, size)
        again = page(safe_engine, sort, second.before, size)
        assert [r["id"] for r in again.rows] == [r["id"] for r in first.rows]
        assert again.before == ""


def test_rows_taken_away_or_put_in_meanwhile_cost_no_other_row(fill, safe_engine):
    fill([1, 1, 2, 2, 3, 3])
    sort = Sort("number", row.c.number)
    first = page(safe_engine, sort, "", 3)
    with safe_engine.begin() as connection:
        connection.execute(row.delete().where(row.c.id == first.rows[-1]["id"]))
        connection.execute(insert(row).values(kinds(-3)))
    second = page(safe_engine, sort, first.after, 3)
    assert [found["number"] for found in second.rows] == [2, 3, 3]
    assert second.after == ""


def test_an_empty_list_has_one_empty_page(fill, safe_engine):
    fill([])
    shown = page(safe_engine, Sort("number", row.c.number), "", 3)
    assert (list(shown.rows), shown.before, shown.after) == ([], "", "")


def marker(*fields: object) -> str:
    """A page marker as it travels in an address."""
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "日",
        "A" * 5000,
        marker(),
        marker("word", 0, 0, 1, 1),
        marker("number", 1, 0, 1, 1),
        marker("number", 0, 0, 1, "1"),
        marker("number", 0, 0, 1, None),
        marker("number", 0, 0, 1, 2**31),
        marker("number", 0, 0, 1, 2**63),
        marker("number", 0, 0, 1, -(2**70)),
        marker("number", 0, 0, 1, True),
        marker("number", 0, 0, [1], 1),
        marker("number", 0, 0, {"a": 1}, 1),
        marker("number", 0, 0, "one", 1),
        marker("number", 0, 0, 2**70, 1),
        marker("number", 0, 0, 1.5, 1),
        marker("number", 0, 0, float("nan"), 1),
        marker("number", 0, 0, float("inf"), 1),
        base64.urlsafe_b64encode(b"[" * 1400).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_marker_that_is_not_ours_is_refused(cursor, fill, safe_engine):
    fill([1, 2])
    with pytest.raises(BadCursor):
        page(safe_engine, Sort("number", row.c.number), cursor, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("word", 3),
        ("word", "\x00"),
        ("word", "\ud800"),
        ("day", "tomorrow"),
        ("day", 3),
        ("at", "2026-11-25T10:00:00"),
        ("at", "now"),
        ("at", 3),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_marker_with_a_value_of_another_kind_is_refused(name, value, fill, safe_engine):
    fill([1, 2])
    with pytest.raises(BadCursor):
        page(safe_engine, Sort(name, row.c[name]), marker(name, 0, 0, value, 1), 3)


@given(cursor=st.text(max_size=60))
@on_both
def test_whatever_stands_in_the_address_is_a_marker_or_refused(cursor, fill, safe_engine):
    fill([1, 2])
    with suppress(BadCursor):
        page(safe_engine, Sort("word", row.c.word), cursor, 3)


@given(
    fields=st.tuples(
        st.just("word"),
        st.just(0),
        st.sampled_from([0, 1]),
        st.none() | st.text(max_size=5) | st.integers() | st.floats() | st.booleans(),
        st.none() | st.integers() | st.text(max_size=3),
    )
)
@on_both
def test_forged_markers_are_refused_or_harmless(fields, fill, safe_engine):
    fill([1, 2])
    with suppress(BadCursor):
        page(safe_engine, Sort("word", row.c.word), marker(*fields), 3)
