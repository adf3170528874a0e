"""The timetable's arithmetic, over days without an hour and clocks that are set back."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmlite.jobs import EVERY, JobKind
from crmlite.jobs.slots import following, next_slot, slot_key

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def kind(**timing):
    """A recurring kind."""
    return JobKind(name="work", label="Work", run=print, **timing)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHTLY = kind(daily_at=time(3))
FIVE = kind(every=timedelta(minutes=5))
EACH_FIVE = kind(every=timedelta(minutes=5), catch_up=EVERY)


@pytest.mark.parametrize(
    ("after", "slot"),
    [
        ("2026-11-25T12:00", "2026-11-25T12:05"),
        ("2026-11-25T12:04:59", "2026-11-25T12:05"),
        ("2026-11-25T12:05", "2026-11-25T12:10"),
        ("2026-12-31T23:59", "2027-01-01T00:00"),
    ],
)
def test_slots_of_an_interval_are_counted_from_midnight(after, slot):
    assert following(FIVE, moment(after), SHANGHAI) == moment(slot)


@pytest.mark.parametrize(
    ("after", "slot"),
    [
        ("2026-11-24T18:59", "2026-11-24T19:00"),  # 03:00 of the 25th in Shanghai
        ("2026-11-24T19:00", "2026-11-25T19:00"),
        ("2026-11-24T12:00", "2026-11-24T19:00"),
    ],
)
def test_a_daily_slot_is_at_the_firms_time_of_day(after, slot):
    assert following(NIGHTLY, moment(after), SHANGHAI) == moment(slot)


def test_a_daily_slot_comes_once_on_days_with_one_hour_less_or_more():
    half_past_two = kind(daily_at=time(2, 30))
    for first, days in (("2026-03-27T12:00", 4), ("2026-10-23T12:00", 4)):
        slot, seen = moment(first), []
        for _ in range(days):
            slot = following(half_past_two, slot, BERLIN)
            seen.append(slot.astimezone(BERLIN).date())
        assert len(set(seen)) == days
        assert seen == sorted(seen)
        assert (seen[-1] - seen[0]).days == days - 1


def test_after_a_sleep_most_kinds_go_on_in_the_future():
    last, now = moment("2026-11-20T03:00"), moment("2026-11-25T10:02")
    assert next_slot(FIVE, last, (), now, SHANGHAI) == moment("2026-11-25T10:05")


def test_after_a_sleep_kinds_that_need_every_slot_go_on_where_they_stopped():
    last, now = moment("2026-11-25T09:00"), moment("2026-11-25T10:02")
    slots = []
    while last < now:
        last = next_slot(EACH_FIVE, last, (), now, SHANGHAI)
        slots.append(last)
    assert slots[0] == moment("2026-11-25T09:05")
    assert slots[-2:] == [moment("2026-11-25T10:00"), moment("2026-11-25T10:05")]
    assert len(slots) == 13


def test_a_year_of_missed_slots_does_not_bury_the_queue():
    last, now = moment("2025-11-25T09:00"), moment("2026-11-25T10:02")
    first = next_slot(EACH_FIVE, last, (), now, SHANGHAI)
    assert now - first <= timedelta(minutes=5) * 1000


def test_a_clock_set_back_repeats_no_slot():
    now = moment("2026-11-25T10:02")
    taken = {slot_key(FIVE, moment(f"2026-11-25T10:{minute:02}"), SHANGHAI) for minute in (5, 10)}
    last = moment("2026-11-25T10:10")
    assert next_slot(FIVE, last, taken, now, SHANGHAI) == moment("2026-11-25T10:15")


def test_another_time_zone_repeats_no_day():
    done = following(NIGHTLY, moment("2026-11-25T12:00"), SHANGHAI)
    taken = {slot_key(NIGHTLY, done, SHANGHAI)}
    now = done + timedelta(hours=1)
    again = next_slot(NIGHTLY, done, taken, now, ZoneInfo("Europe/London"))
    assert slot_key(NIGHTLY, again, ZoneInfo("Europe/London")) not in taken
