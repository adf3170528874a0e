"""Levelling: full days give way, higher tiers stay, nothing gets past its next day."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.levelling import Movable, levelled

TODAY = date(2026, 3, 2)  # a Monday


def works_on(day: date) -> bool:
    return day.weekday() < 5


def one(number: int, day: int, *, before: int = 60, rank: int = 0) -> Movable:
    at = TODAY + timedelta(days=day)
    return Movable(id=number, planned=at, before=at + timedelta(days=before), rank=rank)


def days(touches: list[Movable], cap: int, fixed: dict[date, int] | None = None) -> dict[int, int]:
    found = levelled(touches, fixed or {}, cap=cap, today=TODAY, works_on=works_on)
    return {number: (day - TODAY).days for number, day in found.items()}


def test_lower_tiers_go_first() -> None:
    some = [one(1, 1, rank=2), one(2, 1, rank=0), one(3, 1, rank=1)]
    assert days(some, 1) == {2: 1, 3: 2, 1: 3}
    assert days(some, 2) == {2: 1, 3: 1, 1: 2}


def test_it_goes_over_days_on_which_nobody_works() -> None:
    friday = 4
    assert days([one(1, friday), one(2, friday)], 1) == {1: 4, 2: 7}


def test_what_has_its_day_for_good_takes_room() -> None:
    assert days([one(1, 1)], 2, {TODAY + timedelta(days=1): 2}) == {1: 2}


def test_nothing_gets_to_its_next_day_and_stays_where_there_is_no_room() -> None:
    some = [one(number, 1, before=2) for number in range(5)]
    assert days(some, 1) == {0: 1, 1: 2, 2: 1, 3: 1, 4: 1}


def test_today_stays_and_no_cap_moves_nothing() -> None:
    some = [one(1, 0), one(2, 0), one(3, -4)]
    assert days(some, 1) == {1: 0, 2: 0, 3: -4}
    assert days([one(1, 1), one(2, 1)], 0) == {1: 1, 2: 1}


movables = st.builds(
    lambda number, day, before, rank: (number, day, before, rank),
    st.integers(0, 10_000),
    st.integers(-3, 12),
    st.integers(1, 20),
    st.integers(0, 3),
)


@given(
    st.lists(movables, max_size=60, unique_by=lambda one: one[0]),
    st.dictionaries(st.integers(0, 20), st.integers(0, 4), max_size=8),
    st.integers(0, 5),
)
def test_what_always_holds(
    raw: list[tuple[int, int, int, int]], held: dict[int, int], cap: int
) -> None:
    some = [one(n, day, before=before, rank=rank) for n, day, before, rank in raw]
    fixed = {TODAY + timedelta(days=day): count for day, count in held.items()}
    found = levelled(some, fixed, cap=cap, today=TODAY, works_on=works_on)
    assert found == levelled(reversed(some), fixed, cap=cap, today=TODAY, works_on=works_on)
    assert found.keys() == {touch.id for touch in some}
    load = Counter(fixed)
    load.update(found.values())
    for touch in some:
        day = found[touch.id]
        assert touch.planned <= day < touch.before
        if day != touch.planned:
            assert cap and works_on(day) and touch.planned > TODAY
            assert load[day] <= max(cap, fixed.get(day, 0)) or any(
                found[other.id] == day == other.planned for other in some
            )
            assert load[touch.planned] >= cap or not works_on(touch.planned)
