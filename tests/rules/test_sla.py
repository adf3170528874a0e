"""Clocks of cases: by tables, and by what holds of all of them."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.sla import Clock, Hold, Named, Reading, merged, reading
from crmlite.rules.working_time import Held, Target, Unit, after, between
from tests.rules.working_time.calendars import CALENDARS, CHINA, CHINA_WITHOUT_LUNCH, at, shown

OPENED = "2026-03-06 17:40"  # a Friday
HALF_AN_HOUR = Target(Unit.MINUTES, 30)
TWO_DAYS = Target(Unit.DAYS, 2)
A_DAY = Target(Unit.ELAPSED, 24)


def read(
    target: Target,
    *holds: tuple[str, str | None],
    now: str = "2026-03-20 09:00",
    opened: str = OPENED,
    stop: str | None = None,
    calendar: object = CHINA_WITHOUT_LUNCH,
) -> Reading:
    where = CHINA if calendar is CHINA else CHINA_WITHOUT_LUNCH
    clock = Clock(
        start=at(where, opened),
        targets=[Named(by="level", target=target)],
        stop=None if stop is None else at(where, stop),
    )
    spans = [Hold(at(where, a), None if b is None else at(where, b)) for a, b in holds]
    return reading(clock, spans, where, at(where, now))


@pytest.mark.parametrize(
    ("target", "holds", "due"),
    [
        pytest.param(TWO_DAYS, [], "2026-03-10 18:00", id="two days from Friday evening"),
        pytest.param(
            TWO_DAYS,
            [("2026-03-09 10:00", "2026-03-09 11:30")],
            "2026-03-11 10:30",
            id="90 minutes on hold put two days off into the next morning",
        ),
        pytest.param(
            TWO_DAYS,
            [("2026-03-07 10:00", "2026-03-07 15:00")],
            "2026-03-10 18:00",
            id="a hold at the weekend puts nothing off",
        ),
        pytest.param(
            HALF_AN_HOUR, [("2026-03-06 17:50", "2026-03-09 09:00")], "2026-03-09 09:20",
            id="ten minutes of Friday were on hold",
        ),
        pytest.param(
            HALF_AN_HOUR,
            [("2026-03-09 12:00", "2026-03-09 15:00")],
            "2026-03-09 09:10",
            id="a hold after it was due comes too late",
        ),
        pytest.param(
            HALF_AN_HOUR,
            [("2026-03-06 17:45", "2026-03-06 17:50"), ("2026-03-09 09:12", "2026-03-09 09:20")],
            "2026-03-09 09:23",
            id="the first hold makes room for the second",
        ),
        pytest.param(
            A_DAY,
            [("2026-03-06 20:00", "2026-03-07 02:00")],
            "2026-03-07 23:40",
            id="a hold at night counts where any time does",
        ),
        pytest.param(
            A_DAY,
            [("2026-03-06 18:00", "2026-03-06 20:00"), ("2026-03-06 19:00", "2026-03-06 21:00")],
            "2026-03-07 20:40",
            id="two holds at once count once",
        ),
        pytest.param(
            A_DAY, [("2026-03-06 10:00", "2026-03-06 18:40")], "2026-03-07 18:40",
            id="a hold from before the clock started counts from its start",
        ),
    ],
)  # fmt: skip
def test_holds_put_it_off(target: Target, holds: list[tuple[str, str]], due: str) -> None:
    assert shown(CHINA, read(target, *holds).due) == due


@pytest.mark.parametrize(
    ("now", "left", "breached"),
    [
        ("2026-03-06 17:50", 20, False),
        ("2026-03-06 18:00", 10, False),
        ("2026-03-08 12:00", 10, False),
        ("2026-03-09 09:10", 0, False),
        ("2026-03-09 09:11", -1, True),
        ("2026-03-09 18:00", -530, True),
    ],
)
def test_what_is_left_is_working_time(now: str, left: int, breached: bool) -> None:
    found = read(HALF_AN_HOUR, now=now)
    assert (found.left, found.is_breached) == (timedelta(minutes=left), breached)


def test_what_was_done_in_time_stays_so() -> None:
    found = read(HALF_AN_HOUR, stop="2026-03-09 09:10")
    assert (found.is_stopped, found.is_breached, found.left) == (True, False, timedelta())
    late = read(HALF_AN_HOUR, stop="2026-03-09 09:11")
    assert (late.is_breached, late.left) == (True, timedelta(minutes=-1))


def test_on_hold_it_stands_still() -> None:
    holds = ("2026-03-06 17:50", None)
    for now in ("2026-03-06 17:55", "2026-03-09 15:00", "2026-04-10 15:00"):
        found = read(HALF_AN_HOUR, holds, now=now)
        assert (found.is_held, found.is_breached, found.left) == (
            True,
            False,
            timedelta(minutes=20),
        )
    late = read(HALF_AN_HOUR, ("2026-03-09 15:00", None), now="2026-03-10 15:00")
    assert (late.is_held, late.is_breached) == (False, True)


@pytest.mark.parametrize(
    ("opened", "now", "due", "act_by"),
    [
        ("2026-03-05 15:00", "2026-03-05 15:00", "2026-03-06 15:00", "2026-03-06 15:00"),
        ("2026-03-05 12:30", "2026-03-05 12:30", "2026-03-06 12:30", "2026-03-06 12:00"),
        ("2026-03-06 15:00", "2026-03-06 15:00", "2026-03-07 15:00", "2026-03-06 18:00"),
        ("2026-03-06 15:00", "2026-03-06 20:00", "2026-03-07 15:00", "2026-03-06 20:00"),
        ("2026-02-14 15:00", "2026-02-14 15:00", "2026-02-15 15:00", "2026-02-14 18:00"),
    ],
)
def test_elapsed_time_may_end_while_nobody_works(
    opened: str, now: str, due: str, act_by: str
) -> None:
    found = read(A_DAY, opened=opened, now=now, calendar=CHINA)
    assert (shown(CHINA, found.due), shown(CHINA, found.act_by)) == (due, act_by)


def test_of_several_targets_the_first_due_stands() -> None:
    named = [
        Named(by="level", target=TWO_DAYS),
        Named(by="tier", target=A_DAY),
        Named(by="pack", target=Target(Unit.MINUTES, 600)),
    ]
    clock = Clock(start=at(CHINA, OPENED), targets=named)
    assert reading(clock, [], CHINA, at(CHINA, OPENED)).named.by == "tier"
    with pytest.raises(ValueError, match="empty"):
        reading(Clock(start=at(CHINA, OPENED), targets=[]), [], CHINA, at(CHINA, OPENED))


BEGINNING = datetime(2026, 2, 1, tzinfo=UTC)
moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))
holds = st.lists(
    st.tuples(moments, st.integers(1, 5_000)).map(
        lambda pair: Hold(pair[0], pair[0] + timedelta(minutes=pair[1]))
    ),
    max_size=5,
)
targets = st.builds(Target, st.sampled_from(Unit), st.integers(1, 30))
calendars = st.sampled_from(sorted(CALENDARS)).map(CALENDARS.__getitem__)
LATE = BEGINNING + timedelta(days=400)


def clock_of(start: datetime, target: Target) -> Clock:
    return Clock(start=start, targets=[Named(by="level", target=target)])


@given(calendars, moments, targets, holds, st.randoms())
def test_the_order_of_events_does_not_matter(
    calendar: object, start: datetime, target: Target, some: list[Hold], chance: random.Random
) -> None:
    clock, again = clock_of(start, target), [*some]
    chance.shuffle(again)
    assert reading(clock, some, calendar, LATE) == reading(clock, again, calendar, LATE)


@given(calendars, moments, targets, holds)
def test_it_is_put_off_by_what_was_held_and_no_more(
    calendar: object, start: datetime, target: Target, some: list[Hold]
) -> None:
    found = reading(clock_of(start, target), some, calendar, LATE)
    plain = after(calendar, start, target).at
    if target.unit == Unit.ELAPSED:
        assert found.due - plain == found.held
    else:
        assert between(calendar, plain, found.due) == found.held
    assert found.held == sum(
        (step.amount for step in found.steps if isinstance(step, Held)), timedelta()
    )


@given(calendars, moments, targets, holds, moments)
def test_a_hold_never_makes_it_earlier(
    calendar: object, start: datetime, target: Target, some: list[Hold], more: datetime
) -> None:
    clock, one = clock_of(start, target), Hold(more, more + timedelta(hours=3))
    before = reading(clock, some, calendar, LATE).due
    assert reading(clock, [*some, one], calendar, LATE).due >= before


@given(calendars, moments, targets, holds, moments, moments)
def test_what_is_left_never_grows(
    calendar: object, start: datetime, target: Target, some: list[Hold], a: datetime, b: datetime
) -> None:
    first, second = sorted((max(a, start), max(b, start)))
    clock = clock_of(start, target)
    before = reading(clock, some, calendar, first)
    then = reading(clock, some, calendar, second)
    assert then.left <= before.left
    assert then.is_breached >= before.is_breached


@given(holds, moments)
def test_merged_holds_lie_apart_and_end_in_time(some: list[Hold], until: datetime) -> None:
    found = merged(some, until)
    assert all(one.start < one.end <= until for one in found)
    assert all(a.end < b.start for a, b in pairwise(found))


def test_a_hold_before_the_clock_began_is_no_step():
    before = ("2026-03-06 13:00", "2026-03-06 14:00")
    found = read(TWO_DAYS, before, opened="2026-03-06 15:00")
    assert not [step for step in found.steps if isinstance(step, Held)]
    assert found.due == read(TWO_DAYS, opened="2026-03-06 15:00").due
