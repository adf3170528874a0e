"""What belongs to which part, and until when a confirmation holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.freshness import Item, counted, holds, parts_in

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "columns", "parts"),
    [
        ("contact", {"title"}, ["title"]),
        ("contact", {"mobile", "email"}, ["ways"]),
        ("contact", {"title", "im", "note"}, ["title", "ways"]),
        ("contact", {"note", "is_primary"}, []),
        ("need", {"goal"}, ["need"]),
        ("need", {"urgency", "status"}, []),
        ("customer", {"title"}, []),
    ],
)
def test_columns_belong_to_parts(record: str, columns: set[str], parts: list[str]) -> None:
    assert parts_in(record, columns) == parts


@given(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 365)))
def test_a_confirmation_holds_for_its_days(ago: int, days: int | None) -> None:
    found = holds(NOW - timedelta(days=ago), NOW, days)
    assert found == (days is None or ago < days)
    assert not holds(None, NOW, days)


def test_items_are_counted_by_part() -> None:
    items = [Item("need", 1, "need"), Item("contact", 2, "title"), Item("contact", 3, "title")]
    assert counted(items) == {"title": 2, "need": 1}
    assert counted([]) == {}
