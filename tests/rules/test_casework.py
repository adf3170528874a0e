"""The way of a case, and what its clocks measure on it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules import casework
from crmlite.rules.casework import ClockName, Event, Status

START = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)
WAYS = {
    ("new", "acknowledged"),
    ("new", "in_progress"),
    ("acknowledged", "in_progress"),
    ("in_progress", "waiting"),
    ("in_progress", "resolved"),
    ("waiting", "in_progress"),
    ("waiting", "resolved"),
    ("resolved", "confirmed"),
    ("resolved", "in_progress"),
    ("confirmed", "in_progress"),
}


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def told(*happened: tuple[float, str, str], until: float | None = None) -> list[Event]:
    """Events as (hours after the opening, kind, status)."""
    moment = None if until is None else at(until)
    return [
        Event(
            kind=kind, at=at(hours), place=place, to=to, until=moment if kind == "planned" else None
        )
        for place, (hours, kind, to) in enumerate(((0, "opened", ""), *happened), 1)
    ]


def clocks(events: list[Event], *, is_complex: bool = True) -> dict[str, tuple[object, object]]:
    found = casework.runs(events, is_complex=is_complex)
    return {str(one.name): (one.start, one.stop) for one in found}


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_each_way_is_open_or_refused_with_a_reason(before: Status, after: Status) -> None:
    problem = casework.refusal(before, after)
    assert (problem is None) == ((before, after) in WAYS)
    if problem is not None:
        assert problem.code in casework.MESSAGES


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("new", "new", "case_there_already"),
        ("new", "resolved", "case_not_begun"),
        ("acknowledged", "waiting", "case_not_begun"),
        ("in_progress", "confirmed", "case_not_resolved"),
        ("waiting", "acknowledged", "case_was_begun"),
        ("in_progress", "new", "case_was_begun"),
        ("resolved", "waiting", "case_is_resolved"),
        ("confirmed", "resolved", "case_is_closed"),
        ("confirmed", "confirmed", "case_no_revisit"),
    ],
)
def test_a_refusal_says_what_stands_in_the_way(before: str, after: str, code: str) -> None:
    problem = casework.refusal(before, after)
    assert problem is not None
    assert problem.code == code


def test_a_case_that_was_just_opened_has_four_clocks_that_run() -> None:
    found = clocks(told())
    assert found == dict.fromkeys(("response", "plan", "progress", "resolution"), (START, None))
    assert "progress" not in clocks(told(), is_complex=False)


def test_each_clock_stops_where_its_event_is() -> None:
    found = clocks(
        told(
            (0.2, "moved", "in_progress"),
            (0.2, "responded", ""),
            (5, "planned", ""),
            (20, "reported", ""),
            (30, "moved", "resolved"),
            (40, "revisited", ""),
            (40, "moved", "confirmed"),
            until=48,
        )
    )
    assert found == {
        "response": (START, at(0.2)),
        "plan": (START, at(5)),
        "progress": (at(20), at(30)),
        "resolution": (START, at(30)),
        "revisit": (at(30), at(40)),
    }


def test_what_is_solved_at_once_was_answered_and_needs_no_plan() -> None:
    found = clocks(told((0.1, "moved", "in_progress"), (0.3, "moved", "resolved")))
    assert found["response"] == found["plan"] == (START, at(0.3))


def test_a_reopened_case_is_measured_anew_but_for_its_first_response() -> None:
    way = (
        (1, "moved", "in_progress"),
        (1, "responded", ""),
        (2, "planned", ""),
        (9, "moved", "resolved"),
        (20, "revisited", ""),
        (20, "moved", "in_progress"),
    )
    found = clocks(told(*way, until=8))
    assert found == {
        "response": (START, at(1)),
        "plan": (at(20), None),
        "progress": (at(20), None),
        "resolution": (at(20), None),
    }
    again = casework.runs(told(*way, until=8), is_complex=True)
    assert {one.agreed for one in again} == {None}
    assert casework.reopenings(told(*way)) == 1


def test_the_date_that_was_agreed_last_is_the_deadline() -> None:
    events = [
        *told((1, "moved", "in_progress")),
        Event(kind="planned", at=at(2), place=8, until=at(30)),
        Event(kind="planned", at=at(9), place=9, until=at(50)),
    ]
    found = {one.name: one for one in casework.runs(events, is_complex=False)}
    assert found[ClockName.RESOLUTION].agreed == at(50)
    assert found[ClockName.PLAN].stop == at(2)


def test_waiting_is_on_hold_until_anything_else_is_done() -> None:
    found = casework.holds(
        told(
            (1, "moved", "in_progress"),
            (2, "moved", "waiting"),
            (5, "moved", "in_progress"),
            (6, "moved", "waiting"),
            (7, "moved", "resolved"),
            (9, "moved", "in_progress"),
            (10, "moved", "waiting"),
        )
    )
    assert found == [(at(2), at(5)), (at(6), at(7)), (at(10), None)]


def test_a_case_that_was_never_opened_has_no_clocks() -> None:
    with pytest.raises(ValueError, match="beginning"):
        casework.runs([], is_complex=False)


STEPS = ("acknowledged", "in_progress", "waiting", "resolved", "confirmed")
HAPPENED = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from([*STEPS, "responded", "reported", "planned"])),
    max_size=12,
)


def walked(happened: list[tuple[int, str]]) -> list[Event]:
    """A way that is open, out of any: steps that are refused are left out."""
    found, status, hours = told(), "new", 0
    for more, what in happened:
        hours += more
        place = len(found) + 1
        if what not in STEPS:
            until = at(hours + 40) if what == "planned" else None
            found.append(Event(kind=what, at=at(hours), place=place, until=until))
        elif casework.refusal(status, what) is None:
            status = what
            found.append(Event(kind="moved", at=at(hours), place=place, to=what))
    return found


@given(HAPPENED, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_handed_in_does_not_matter(happened, chance) -> None:
    events = walked(happened)
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert casework.runs(shuffled, is_complex=True) == casework.runs(events, is_complex=True)
    assert casework.holds(shuffled) == casework.holds(events)


@given(HAPPENED)
def test_holds_never_overlap_and_clocks_stop_after_they_start(happened) -> None:
    events = walked(happened)
    holds = casework.holds(events)
    for before, after in pairwise(holds):
        assert before.end is not None
        assert before.start <= before.end <= after.start
    for run in casework.runs(events, is_complex=True):
        assert run.stop is None or run.stop >= run.start


@pytest.mark.parametrize(
    ("level", "cause", "action", "fits"),
    [
        ("general", None, None, True),
        (None, None, None, True),
        ("severe", "design", "New drawing", True),
        ("severe", "design", None, False),
        ("critical", None, "New drawing", False),
    ],
)
def test_severe_ones_are_closed_with_cause_and_action(level, cause, action, fits) -> None:
    problem = casework.closing_problem(
        level=level, needing=("severe", "critical"), root_cause=cause, action=action
    )
    assert (problem is None) == fits
