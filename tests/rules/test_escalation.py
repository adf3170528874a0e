"""When it is said that a deadline comes near, was missed, and is missed for long."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.escalation import QUICK, SLOW, ladder_of, moments, reached, working_time_before
from crmlite.rules.working_time import Calendar, NoWorkingTime, between, blocks_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = blocks_of([(9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60)])
OFFICE = Calendar(zone=SHANGHAI, week=[HOURS] * 5 + [()] * 2)
NEVER = Calendar(zone=SHANGHAI, week=[()] * 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("due", "ladder", "expected"),
    [
        ("2026-11-24T11:00", SLOW, ["2026-11-24T09:00", "2026-11-24T11:00", "2026-11-24T16:30"]),
        ("2026-11-24T14:00", SLOW, ["2026-11-24T10:30", "2026-11-24T14:00", "2026-11-24T18:00"]),
        ("2026-11-23T09:30", SLOW, ["2026-11-20T16:30", "2026-11-23T09:30", "2026-11-23T15:00"]),
        ("2026-11-20T17:55", QUICK, ["2026-11-20T17:45", "2026-11-20T17:55", "2026-11-23T09:25"]),
        ("2026-11-21T20:00", SLOW, ["2026-11-20T16:00", "2026-11-21T20:00", "2026-11-23T14:30"]),
    ],
)
def test_steps_are_counted_in_working_time(due, ladder, expected) -> None:
    assert list(moments(at(due), ladder, OFFICE)) == [at(one) for one in expected]


def test_a_first_response_is_a_matter_of_minutes() -> None:
    assert ladder_of("response") is QUICK
    assert ladder_of("revisit") is SLOW


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minute: at("2026-01-01T00:00") + timedelta(minutes=minute)
    ),
    st.integers(1, 3000),
)
def test_as_much_working_time_lies_between_as_was_asked_for(moment, minutes) -> None:
    amount = timedelta(minutes=minutes)
    found = working_time_before(OFFICE, moment, amount)
    assert between(OFFICE, found, moment) == amount
    assert between(OFFICE, found + timedelta(seconds=1), moment) < amount


def test_nothing_comes_before_where_nobody_works() -> None:
    with pytest.raises(NoWorkingTime):
        working_time_before(NEVER, at("2026-11-24T11:00"), timedelta(minutes=1))


def test_as_many_steps_are_reached_as_have_come() -> None:
    steps = moments(at("2026-11-24T11:00"), SLOW, OFFICE)
    moment = at("2026-11-24T11:00")
    assert [reached(steps, moment + timedelta(hours=hours)) for hours in (-3, -1, 0, 9)] == [
        0,
        1,
        2,
        3,
    ]
