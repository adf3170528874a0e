"""Which backups are kept: seven days, four weeks, twelve months, and always the last good one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crmlite.backups.rotation import DAYS, FRESH, MONTHS, WEEKS, Kept, superfluous

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def kept_of(there, now=NOW, zone=UTC):
    """What stays."""
    gone = superfluous(there, now, zone)
    return [one for one in there if one.name not in gone]


def nightly(nights, hour=3):
    """One backup a night, the newest first."""
    start = NOW.replace(hour=hour)
    return [Kept(f"{n}", start - n * DAY) for n in range(nights)]


def test_of_two_years_of_nights_days_weeks_and_months_stay():
    kept = kept_of(nightly(730))
    ages = [(NOW - one.made_at).days for one in kept]
    assert ages[:DAYS] == list(range(DAYS))
    assert len(kept) <= DAYS + WEEKS + MONTHS
    assert len(kept) >= DAYS + WEEKS + MONTHS - 3
    assert ages[-1] > 320
    weeks = {one.made_at.isocalendar()[:2] for one in kept if (NOW - one.made_at).days < 28}
    assert len(weeks) >= WEEKS
    months = {(one.made_at.year, one.made_at.month) for one in kept}
    assert len(months) == MONTHS


def test_run_every_night_for_a_year_the_rule_is_the_same_as_all_at_once():
    there: list[Kept] = []
    for night in range(400):
        now = NOW - (399 - night) * DAY
        there.append(Kept(str(night), now))
        there = kept_of(there, now)
    assert len(there) <= DAYS + WEEKS + MONTHS
    assert {(one.made_at.year, one.made_at.month) for one in there} >= {
        (2026, month) for month in range(1, 12)
    }


def test_while_there_are_few_all_of_different_days_stay():
    assert len(kept_of(nightly(7))) == 7


def test_of_several_on_one_past_day_the_last_stays():
    morning, evening = (Kept(str(h), NOW.replace(hour=h) - 3 * DAY) for h in (6, 20))
    assert kept_of([morning, evening, *nightly(2)])[0] is evening
    assert morning.name in superfluous([morning, evening, *nightly(2)], NOW, UTC)


def test_what_was_made_within_a_day_stays():
    fresh = [Kept(f"h{hour}", NOW - timedelta(hours=hour)) for hour in range(0, 24, 3)]
    assert kept_of(fresh) == fresh


def test_the_day_is_the_firms():
    one, two = (Kept(n, datetime(2026, 11, 20, h, tzinfo=UTC)) for n, h in (("a", 15), ("b", 17)))
    assert kept_of([one, two, *nightly(3)], zone=UTC)[0] is two
    assert kept_of([one, two, *nightly(3)], zone=ZoneInfo("Asia/Shanghai"))[:2] == [one, two]


moments = st.integers(0, 900 * 24).map(lambda hours: NOW - timedelta(hours=hours))
several = st.lists(st.tuples(moments, st.booleans()), max_size=60).map(
    lambda found: [Kept(str(n), at, good=good) for n, (at, good) in enumerate(found)]
)


@given(there=several)
def test_the_last_good_one_never_goes(there):
    good = [one for one in there if one.good]
    kept = kept_of(there)
    if good:
        assert max(good, key=lambda one: one.made_at).made_at in {one.made_at for one in kept}
    else:
        assert kept == there


@given(there=several)
def test_a_damaged_one_takes_no_good_ones_place(there):
    good = [one for one in there if one.good]
    kept = kept_of(there)
    assert {one.name for one in kept if one.good} == {one.name for one in kept_of(good)}
    if good:
        assert all(NOW - one.made_at < FRESH for one in kept if not one.good)


@given(there=several)
def test_what_the_rule_keeps_it_keeps_again(there):
    kept = kept_of(there)
    assert kept_of(kept) == kept
