"""The 24-hour rule."""

from datetime import UTC, datetime, timedelta

import pytest

from crmlite.rules.promptness import is_late, last_moment

HAPPENED = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "late"),
    [
        (timedelta(hours=-1), False),
        (timedelta(), False),
        (timedelta(hours=24), False),
        (timedelta(hours=24, seconds=1), True),
        (timedelta(days=3), True),
    ],
)
def test_a_day_is_in_time(after: timedelta, late: bool) -> None:
    assert is_late(HAPPENED, HAPPENED + after) is late
    assert (HAPPENED + after > last_moment(HAPPENED)) is late
