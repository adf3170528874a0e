"""The ladder: which step is due on which day, and that no step comes out of its order."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.dormancy import (
    ARCHIVE,
    ASK,
    AWAKE,
    REST,
    RESTING,
    SHIPPED,
    WARN,
    Known,
    Terms,
    steps,
    terms_of,
)

TODAY = date(2026, 11, 27)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def due(**given: Any) -> set[str]:
    return set(
        steps(Known(**{"lifecycle": "active", "known_on": ago(4000), **given}), SHIPPED, TODAY)
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"talked_on": ago(59)}, set()),
        ({"talked_on": ago(60)}, {WARN}),
        ({"talked_on": ago(60), "warned": True}, set()),
        ({"talked_on": ago(60), "owned": False}, set()),
        ({"talked_on": ago(182), "warned": True}, set()),
        ({"talked_on": ago(183), "warned": True}, {REST}),
        ({"talked_on": ago(400), "warned": True, "ordered_on": ago(30)}, set()),
        ({"talked_on": ago(400), "warned": True, "open_case": True}, set()),
        ({"talked_on": ago(400), "warned": True, "rested_on": ago(20)}, set()),
        ({"lifecycle": "potential", "known_on": ago(60)}, {WARN}),  # nobody ever talked
        ({"lifecycle": "potential", "known_on": ago(5)}, set()),
        ({"lifecycle": "on-trial", "talked_on": ago(900)}, set()),  # a state of the firm's own
        ({"talked_on": ago(200), "warned": True, "ends_on": ago(30)}, {REST, ASK}),
        ({"talked_on": ago(50), "ends_on": ago(30)}, {ASK}),
        ({"talked_on": ago(50), "ends_on": ago(29)}, set()),
        ({"talked_on": ago(29), "ends_on": ago(30)}, set()),
        ({"talked_on": ago(50), "ends_on": ago(30), "ordered_on": ago(3)}, set()),
        ({"talked_on": ago(50), "ends_on": ago(30), "asked_for": ago(30)}, set()),
        ({"talked_on": ago(50), "ends_on": ago(30), "asked_for": ago(400)}, {ASK}),
        ({"lifecycle": "dormant", "talked_on": ago(365)}, {ARCHIVE}),
        ({"lifecycle": "lost", "talked_on": ago(364)}, set()),
        ({"lifecycle": "lost", "talked_on": ago(900), "open_needs": True}, set()),
        ({"lifecycle": "lost", "talked_on": ago(900), "ordered_on": ago(300)}, set()),
        ({"lifecycle": "lost", "talked_on": ago(900), "ends_on": ago(300)}, set()),
        ({"lifecycle": "lost", "talked_on": ago(900), "case_on": ago(300)}, set()),
        ({"lifecycle": "lost", "talked_on": ago(900), "kept_on": ago(10)}, set()),
        ({"lifecycle": "dormant", "talked_on": ago(900), "rested_on": ago(29)}, set()),
        ({"lifecycle": "dormant", "talked_on": ago(900), "rested_on": ago(30)}, {ARCHIVE}),
    ],
)
def test_each_step_has_its_day(given: dict[str, Any], expected: set[str]) -> None:
    assert due(**given) == expected


days = st.one_of(st.none(), st.integers(0, 500).map(ago))
customers = st.builds(
    Known,
    lifecycle=st.sampled_from(("potential", "interested", "active", "lost", "dormant", "own")),
    known_on=st.integers(0, 500).map(ago),
    talked_on=days,
    owned=st.booleans(),
    warned=st.booleans(),
    ordered_on=days,
    case_on=days,
    open_case=st.booleans(),
    open_needs=st.booleans(),
    ends_on=days,
    asked_for=days,
    rested_on=days,
    kept_on=days,
)


@given(customers)
def test_nobody_is_archived_who_is_awake_and_nobody_rests_twice(known: Known) -> None:
    found = steps(known, SHIPPED, TODAY)
    assert not ({REST, ARCHIVE} <= found or {WARN, ARCHIVE} <= found)
    assert known.lifecycle in AWAKE or not found & {WARN, REST, ASK}
    assert known.lifecycle in RESTING or ARCHIVE not in found


@given(customers, st.integers(0, 400))
def test_what_is_due_stays_due_as_long_as_nothing_happens(known: Known, later: int) -> None:
    found = steps(known, SHIPPED, TODAY) - {ASK}  # an end that is old is news no more
    assert found <= steps(known, SHIPPED, TODAY + timedelta(days=later))


@given(customers)
def test_terms_without_days_never_come(known: Known) -> None:
    assert steps(known, Terms(None, None, None, None), TODAY) == frozenset()


def test_a_tier_without_terms_goes_by_those_of_all_others() -> None:
    own = Terms(warn=14)
    assert terms_of("core", {"core": own}) == own
    assert terms_of(None, {"core": own}) == SHIPPED
    assert terms_of("normal", {"": own}) == own
