"""The plan of one customer: each touch planned once, moved by what fulfils it, and nothing twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.planning import (
    DONE,
    LAPSED,
    LEFT_OUT,
    WITHDRAWN,
    Begin,
    End,
    Facts,
    Move,
    Planned,
    Serving,
    plan,
)
from crmlite.rules.strategies import Around, Every, Touch

TODAY = date(2026, 11, 27)
DAY = timedelta(days=1)


def touch(name, cadence, channel="phone", **more):
    words = {"en": name}
    return Touch(name=name, label=words, content=words, cadence=cadence, channel=channel, **more)


CALL = touch("call", Every(2, "week"))
VISIT = touch("visit", Every(1, "month"), "visit")
SURVEY = touch("survey", Every(1, "quarter"), "email", purpose="survey")
THANKS = touch("thanks", Around(1, event="visit_made"), "email", purpose="thanks")
WISHES = touch("wishes", Around(-1, field="birthday"), "wechat", sends=True, purpose="greeting")
FOLLOW = touch("follow", Around(3, event="quotation_sent"))
TOUCHES = (CALL, VISIT, SURVEY, THANKS, WISHES, FOLLOW)


def weekdays(day):
    return day.weekday() < 5


def planned(facts, today=TODAY):
    return plan(facts, today=today, works_on=weekdays)


def serving(*touches, begun=TODAY, strategy_id=1):
    return Serving(strategy_id=strategy_id, touches=touches, begun=begun)


def applied(facts, steps):
    """The facts once the steps were taken."""
    there, last, over = (
        dict(facts.open),
        dict(facts.last),
        {k: list(v) for k, v in facts.over.items()},
    )
    for key, one in facts.closed.items():
        last[key] = max(last.get(key, date.min), one.ended or TODAY)
        if one.anchor:
            over.setdefault(key, []).append(one.anchor)
    for step in steps:
        if isinstance(step, End):
            gone = there.pop(step.key, None)
            if gone and step.state != WITHDRAWN:
                if gone.anchor:
                    over.setdefault(step.key, []).append(gone.anchor)
                if step.state == DONE:
                    last[step.key] = max(last.get(step.key, date.min), step.on)
        else:
            assert isinstance(step, Move) or step.key not in there
            due = step.due
            there[step.key] = Planned(
                planned=due.on, since=due.since, anchor=due.anchor, before=due.before
            )
    return replace(facts, open=there, closed={}, last=last, over=over)


def days(steps):
    return {step.key[1]: step.due.on.isoformat() for step in steps if not isinstance(step, End)}


def test_a_new_customer_gets_each_touch_once():
    facts = Facts(serving=[serving(CALL, VISIT, THANKS)])
    steps = planned(facts)
    assert all(isinstance(step, Begin) for step in steps)
    assert days(steps) == {"call": "2026-12-11", "visit": "2026-12-28"}  # the 27th is a Sunday
    assert planned(applied(facts, steps)) == []


def test_a_call_moves_the_call_and_leaves_the_visit():
    begun = applied(
        facts := Facts(serving=[serving(CALL, VISIT, begun=date(2026, 11, 2))]), planned(facts)
    )
    spoken = replace(begun, contacts={"phone": date(2026, 11, 9)})  # a week before it was due
    steps = planned(spoken)
    assert [type(step) for step in steps] == [Move]
    assert days(steps) == {"call": "2026-11-23"}
    met = replace(begun, contacts={"visit": date(2026, 11, 9)})
    assert days(planned(met)) == {"call": "2026-11-23", "visit": "2026-12-09"}


def test_a_contact_when_it_is_due_does_it_and_the_next_is_planned():
    facts = Facts(serving=[serving(CALL, begun=date(2026, 11, 9))])
    spoken = replace(applied(facts, planned(facts)), contacts={"phone": date(2026, 11, 26)})
    ended, begun = planned(spoken)
    assert (ended.state, ended.on) == (DONE, date(2026, 11, 26))
    assert begun.due.on == date(2026, 12, 10) and begun.due.since == date(2026, 11, 26)
    assert planned(applied(spoken, [ended, begun])) == []


@pytest.mark.parametrize(("is_done", "state"), [(True, DONE), (False, LEFT_OUT)])
def test_what_somebody_closes_is_noted_and_counts_from_that_day(is_done, state):
    closed = Planned(
        planned=TODAY, before=TODAY + DAY * 14, ended=date(2026, 11, 26), is_done=is_done
    )
    facts = Facts(serving=[serving(SURVEY, begun=date(2026, 1, 1))], closed={(1, "survey"): closed})
    ended, begun = planned(facts)
    assert (ended.state, ended.on) == (state, date(2026, 11, 26))
    assert begun.due.on == date(2027, 2, 26)


def test_only_its_own_task_does_what_has_a_purpose():
    facts = Facts(serving=[serving(SURVEY, begun=date(2026, 8, 25))])
    there = applied(facts, planned(facts))
    assert planned(replace(there, contacts={"visit": TODAY, "email": TODAY})) == []


def test_what_is_asked_for_no_more_is_withdrawn():
    facts = Facts(serving=[serving(CALL, VISIT)])
    there = replace(applied(facts, planned(facts)), serving=[serving(VISIT)])
    assert planned(there) == [End(key=(1, "call"), state=WITHDRAWN, on=TODAY)]
    other = replace(there, serving=[serving(CALL, strategy_id=2)])
    assert [type(step) for step in planned(other)] == [Begin, End, End]


def test_what_is_over_lapses_and_the_next_time_is_planned():
    birthdays = {"birthday": [date(2026, 11, 26), date(2027, 11, 26)]}
    facts = Facts(serving=[serving(WISHES, begun=date(2026, 1, 1))], anchors=birthdays)
    there = applied(facts, planned(facts, date(2026, 11, 20)))
    assert there.open[(1, "wishes")].planned == date(2026, 11, 25)
    (step,) = planned(there, date(2026, 11, 27))
    assert (step.state, step.on) == (LAPSED, date(2026, 11, 27))
    later = applied(there, [step])
    assert days(planned(later, date(2027, 11, 1))) == {"wishes": "2027-11-25"}


def test_an_event_is_followed_up_once():
    sent = {"quotation_sent": [date(2026, 11, 24)]}
    facts = Facts(serving=[serving(FOLLOW, begun=date(2026, 1, 1))], anchors=sent)
    there = applied(facts, planned(facts))
    assert there.open[(1, "follow")].planned == date(2026, 11, 27)
    called = replace(there, contacts={"phone": date(2026, 11, 25)})
    steps = planned(called)
    assert [step.state for step in steps] == [DONE]
    later = replace(applied(called, steps), contacts={"phone": date(2027, 3, 1)})
    assert planned(later, date(2026, 11, 30)) == []


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
PLANS = st.builds(
    Facts,
    serving=st.lists(
        st.builds(
            Serving,
            strategy_id=st.integers(1, 3),
            touches=st.lists(
                st.sampled_from(TOUCHES), unique_by=lambda one: one.name, min_size=1
            ).map(tuple),
            begun=DAYS,
        ),
        max_size=3,
        unique_by=lambda one: one.strategy_id,
    ),
    contacts=st.dictionaries(st.sampled_from(["phone", "visit", "email", "wechat"]), DAYS),
    anchors=st.dictionaries(
        st.sampled_from(["visit_made", "birthday", "quotation_sent"]), st.lists(DAYS, max_size=4)
    ),
)


@given(PLANS, DAYS)
def test_planning_twice_changes_nothing(facts, today):
    first = plan(facts, today=today, works_on=weekdays)
    assert first == plan(facts, today=today, works_on=weekdays)
    assert len({step.key for step in first}) == len(first)  # never two of one touch
    assert plan(applied(facts, first), today=today, works_on=weekdays) == []


@given(PLANS, DAYS, DAYS, st.sampled_from(["phone", "visit", "email"]))
def test_after_anything_that_happens_each_touch_is_open_once_at_most(facts, today, met, channel):
    there = applied(facts, plan(facts, today=today, works_on=weekdays))
    moved = replace(there, contacts={**there.contacts, channel: met})
    steps = plan(moved, today=today, works_on=weekdays)
    begun = [step.key for step in steps if isinstance(step, Begin)]
    ended = [step.key for step in steps if isinstance(step, End)]
    assert len(set(begun)) == len(begun)
    assert all(key not in there.open or key in ended for key in begun)
    settled = applied(moved, steps)
    assert plan(settled, today=today, works_on=weekdays) == []
