"""When a touch is due: what fulfils it, month ends and days off, and that a contact moves only what it
fulfils, and only later: a call does not postpone a visit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.cadence import (
    due_again,
    due_around,
    fulfils,
    later,
    strength,
    working_day,
)
from crmlite.rules.strategies import LONGEST_EVERY, UNITS, Around, Every, Touch

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
CADENCES = st.sampled_from(UNITS).flatmap(
    lambda unit: st.integers(1, LONGEST_EVERY[unit]).map(lambda count: Every(count, unit))
)
CHANNELS = ("email", "wechat", "social", "phone", "meeting", "online", "visit", "fax")


def always(_day):
    return True


def never(_day):
    return False


def weekdays(day):
    return day.weekday() < 5


def day(text):
    return date.fromisoformat(text)


def touch(channel="phone", **more):
    given = {
        "name": "one",
        "label": {"en": "x"},
        "content": {"en": "x"},
        "cadence": Every(1, "month"),
    }
    return Touch(**{**given, "channel": channel, **more})


@pytest.mark.parametrize(
    ("by", "asked", "is_enough"),
    [
        ("phone", "phone", True),
        ("visit", "phone", True),
        ("meeting", "phone", True),
        ("online", "meeting", True),
        ("wechat", "email", True),
        ("phone", "visit", False),
        ("meeting", "visit", False),
        ("email", "phone", False),
        ("fax", "phone", False),  # a channel of the firm's own is a message
        ("phone", "fax", True),
    ],
)
def test_its_own_channel_or_a_stronger_one_fulfils_a_touch(by, asked, is_enough):
    assert fulfils(by, touch(asked)) is is_enough


def test_a_call_does_not_postpone_a_visit():
    talks = [("visit", day("2026-11-02")), ("phone", day("2026-11-20"))]

    def due(asked):
        last = max(on for channel, on in talks if fulfils(channel, asked))
        return due_again(asked.cadence, begun=last, last=last, works_on=always).on

    assert due(touch("visit")) == day("2026-12-02")
    assert due(touch("phone")) == day("2026-12-20")


@pytest.mark.parametrize("more", [{"purpose": "survey"}, {"sends": True}])
def test_no_contact_fulfils_what_has_a_purpose_of_its_own_or_only_sends(more):
    assert not any(fulfils(channel, touch("email", **more)) for channel in CHANNELS)


@pytest.mark.parametrize(
    ("start", "every", "expected"),
    [
        ("2026-11-27", Every(10, "day"), "2026-12-07"),
        ("2026-11-27", Every(2, "week"), "2026-12-11"),
        ("2026-01-31", Every(1, "month"), "2026-02-28"),
        ("2028-01-31", Every(1, "month"), "2028-02-29"),
        ("2026-11-30", Every(1, "quarter"), "2027-02-28"),
        ("2028-02-29", Every(1, "year"), "2029-02-28"),
        ("2028-02-29", Every(4, "year"), "2032-02-29"),
        ("2026-12-31", Every(2, "month"), "2027-02-28"),
        ("2026-02-28", Every(1, "month"), "2026-03-28"),
    ],
)
def test_a_cadence_later(start, every, expected):
    assert later(day(start), every) == day(expected)


@pytest.mark.parametrize(
    ("begun", "last", "every", "on", "counted"),
    [
        # counted from the last contact
        ("2026-01-01", "2026-11-02", Every(2, "week"), "2026-11-16", "2026-11-16"),
        # nobody has talked with them: a first time, one cadence after the strategy began
        ("2026-11-02", None, Every(1, "week"), "2026-11-09", "2026-11-09"),
        # the last contact was long before the strategy began: due at once, not months ago
        ("2026-11-02", "2024-05-01", Every(1, "month"), "2026-11-02", "2026-11-02"),
        # on a Saturday: the Monday after it
        ("2026-01-01", "2026-10-07", Every(1, "month"), "2026-11-09", "2026-11-07"),
    ],
)
def test_what_comes_again_and_again(begun, last, every, on, counted):
    found = due_again(every, begun=day(begun), last=last and day(last), works_on=weekdays)
    assert (found.on, found.counted) == (day(on), day(counted))
    assert found.since == (last and day(last))


@given(CADENCES, DAYS, DAYS, DAYS)
def test_a_contact_moves_a_touch_only_later(every, begun, first, second):
    earlier, after = sorted((first, second))
    before = due_again(every, begun=begun, last=earlier, works_on=weekdays)
    moved = due_again(every, begun=begun, last=after, works_on=weekdays)
    assert moved.on >= before.on
    assert moved.counted >= before.counted


@given(CADENCES, DAYS, st.none() | DAYS)
def test_the_same_facts_give_the_same_day_which_is_a_working_day(every, begun, last):
    found = due_again(every, begun=begun, last=last, works_on=weekdays)
    assert found == due_again(every, begun=begun, last=last, works_on=weekdays)
    assert weekdays(found.on)
    assert begun <= found.counted <= found.on < found.before


@given(CADENCES, DAYS, st.integers(1, 5))
def test_several_cadences_later_is_never_before_one(every, start, times):
    assert start < later(start, every) <= later(start, every, times)


def test_where_nobody_works_a_day_stays():
    assert working_day(day("2026-11-27"), never) == day("2026-11-27")


def around(days, anchors, today="2026-11-02", begun="2026-01-01", **more):
    """On which day a touch is due that lies so many days around one of these."""
    some = {name: [day(text) for text in more.get(name, ())] for name in ("closed", "contacts")}
    found = due_around(
        Around(days, event="visit_made"),
        [day(text) for text in anchors],
        begun=day(begun),
        today=day(today),
        works_on=more.get("works_on", weekdays),
        **some,
    )
    return found and found.on.isoformat()


def test_days_before_end_on_the_working_day_before_and_days_after_on_the_next():
    assert around(-2, ["2026-11-10"]) == "2026-11-06"  # the 8th is a Sunday
    assert around(2, ["2026-11-06"]) == "2026-11-09"
    assert around(0, ["2026-11-08"]) == "2026-11-06"


def test_the_earliest_that_is_left_counts_once_it_is_near():
    days = ["2026-12-15", "2026-11-10", "2027-11-10"]
    assert around(-1, days) == "2026-11-09"
    assert around(-1, days, closed=["2026-11-10"]) == "2026-12-14"
    assert around(-1, days, closed=["2026-11-10", "2026-12-15"]) is None
    assert around(-1, days, closed=["2026-11-10", "2026-12-15"], today="2027-10-01") == "2027-11-09"


def test_what_is_over_is_not_made_up_for():
    assert around(-30, ["2026-10-01"], today="2026-10-01") == "2026-09-01"
    assert around(-30, ["2026-10-01"], today="2026-10-02") is None
    assert around(3, ["2026-10-01"], today="2026-11-02") == "2026-10-05"
    assert around(3, ["2026-10-01"], today="2026-11-03") is None  # a month late
    assert around(3, ["2026-01-01"], begun="2026-01-02", today="2026-01-02") is None
    assert around(3, ["2026-01-02"], begun="2026-01-02", today="2026-01-02") == "2026-01-05"
    # before the strategy began it could not be done: it is due on the day on which it begins
    assert around(-30, ["2026-01-20"], begun="2026-01-05", today="2026-01-05") == "2026-01-05"


def test_a_contact_after_the_day_itself_does_what_was_planned_after_it():
    assert around(3, ["2026-10-26"]) == "2026-10-29"
    assert around(3, ["2026-10-26"], contacts=["2026-10-25"]) == "2026-10-29"
    assert around(3, ["2026-10-26"], contacts=["2026-10-27"]) is None


def test_what_is_planned_before_a_day_is_done_by_a_contact_from_then_on():
    assert around(-3, ["2026-11-20"], contacts=["2026-11-16"]) == "2026-11-17"
    assert around(-3, ["2026-11-20"], contacts=["2026-11-18"]) is None


@given(st.integers(-60, 60), DAYS, DAYS, st.lists(DAYS, max_size=3))
def test_a_day_around_one_is_never_beyond_what_it_is_for(days, anchor, today, contacts):
    facts = {"begun": date(1990, 1, 1), "today": today, "works_on": weekdays}
    found = due_around(Around(days, event="visit_made"), [anchor], **facts)
    if found is None:
        return
    assert found.anchor == anchor
    assert found.on < found.before
    if days <= 0:
        assert found.on <= anchor
    with_contacts = due_around(
        Around(days, event="visit_made"), [anchor], contacts=contacts, **facts
    )
    assert with_contacts in (None, found)  # a contact does it or leaves it where it is


def test_strengths_are_those_of_the_requirements():
    order = [strength(channel) for channel in ("visit", "meeting", "phone", "email")]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == 4
