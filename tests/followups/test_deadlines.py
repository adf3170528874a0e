"""Until when something is due, to the moment, whether a promise was kept, and when to tell of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmlite.followups.deadlines import deadline, next_alert, standing

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 3)
ENDS = datetime(2026, 3, 3, 16, tzinfo=UTC)  # midnight after the day, there
AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def task(**more):
    """A promise by DAY."""
    return {
        "kind": "promise",
        "status": "open",
        "state": "active",
        "due_on": DAY,
        "due_at": None,
        "remind_at": None,
        "closed_at": None,
        "alerted_at": None,
        **more,
    }


def test_a_day_ends_at_midnight_of_the_firm():
    assert deadline(DAY, None, SHANGHAI) == ENDS
    assert deadline(DAY, AT, SHANGHAI) == AT


@pytest.mark.parametrize(
    ("more", "now", "stands"),
    [
        ({}, ENDS, "open"),
        ({}, ENDS + MINUTE, "late"),
        ({"due_at": AT}, AT, "open"),
        ({"due_at": AT}, AT + MINUTE, "late"),
        ({"status": "done", "closed_at": ENDS}, ENDS + MINUTE, "kept"),
        ({"status": "done", "closed_at": ENDS + MINUTE}, ENDS + MINUTE, "broken"),
        ({"status": "done", "closed_at": AT + MINUTE, "due_at": AT}, ENDS, "broken"),
        ({"status": "done"}, ENDS + MINUTE, "kept"),
        ({"status": "dropped", "closed_at": ENDS + MINUTE}, ENDS + MINUTE, "dropped"),
    ],
)
def test_how_a_promise_stands(more, now, stands):
    assert standing(task(**more), now, SHANGHAI) == stands


@pytest.mark.parametrize(
    ("more", "moment"),
    [
        ({}, ENDS),
        ({"remind_at": AT}, AT),
        ({"remind_at": AT, "alerted_at": AT}, ENDS),
        ({"remind_at": AT, "alerted_at": ENDS}, None),
        ({"kind": "next-step"}, None),
        ({"kind": "next-step", "remind_at": AT}, AT),
        ({"remind_at": AT, "status": "done"}, None),
        ({"remind_at": AT, "state": "deleted"}, None),
    ],
)
def test_when_somebody_is_next_told(more, moment):
    assert next_alert(task(**more), SHANGHAI) == moment
