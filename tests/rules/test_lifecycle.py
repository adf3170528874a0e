"""Customers move through their life as the house rules say, and a refused move says what is missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.lifecycle import (
    ACTIVE,
    ARCHIVED,
    DORMANT,
    INTERESTED,
    LIFECYCLE,
    LOST,
    MOVES,
    POTENTIAL,
    STAGES,
    CustomerFacts,
    MoveFacts,
    check_move,
    doubts,
    stage_fits,
)

TODAY = date(2024, 3, 15)


def missing(lifecycle, to, **facts):
    """What a move is refused for, by code."""
    return [each.code for each in check_move(MoveFacts(lifecycle=lifecycle, **facts), to)]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        pytest.param({}, ["need_missing", "stage_missing"], id="nothing is known yet"),
        pytest.param(
            {"urgencies": (None,), "stage": "discovery"}, ["urgency_missing"], id="no urgency"
        ),
        pytest.param({"urgencies": ("high",)}, ["stage_missing"], id="no new stage"),
        pytest.param({"urgencies": (None, "low"), "stage": "discovery"}, [], id="one urgent need"),
    ],
)
def test_interest_needs_an_urgent_need_and_a_stage(facts, codes):
    assert missing(POTENTIAL, INTERESTED, **facts) == codes


def test_each_thing_missing_says_what_to_ask_for():
    asked = check_move(MoveFacts(lifecycle=POTENTIAL), INTERESTED)
    assert [each.asks_for for each in asked] == ["need", "stage"]
    assert asked[0].problem.code == "need_missing"


@pytest.mark.parametrize("lifecycle", [POTENTIAL, INTERESTED, ACTIVE, DORMANT])
def test_losing_a_customer_asks_why(lifecycle):
    assert missing(lifecycle, LOST) == missing(lifecycle, LOST, reason=" ") == ["reason_missing"]
    assert missing(lifecycle, LOST, reason="price") == []


@pytest.mark.parametrize("lifecycle", LIFECYCLE)
def test_only_the_dormant_and_the_lost_are_archived(lifecycle):
    allowed = lifecycle in (DORMANT, LOST)
    assert missing(lifecycle, ARCHIVED) == ([] if allowed else ["archive_too_early"])


def test_who_once_bought_is_never_merely_potential():
    (refusal,) = check_move(MoveFacts(lifecycle=ACTIVE), POTENTIAL)
    assert refusal.code == "move_not_allowed"
    assert refusal.params == {"before": "active", "after": "potential"}


def test_a_lost_customer_can_be_won_back():
    assert missing(LOST, INTERESTED) == missing(LOST, ACTIVE) == []


def test_states_that_a_manager_added_are_free():
    assert missing("trial", ACTIVE) == missing(POTENTIAL, "trial") == []


@given(st.sampled_from(LIFECYCLE), st.sampled_from(LIFECYCLE))
def test_with_everything_given_exactly_the_listed_moves_are_open(before, after):
    full = {"urgencies": ("high",), "stage": "discovery", "reason": "price"}
    assert (missing(before, after, **full) == []) == (after in (before, *MOVES[before]))


def test_dates_that_do_not_fit_are_mentioned():
    facts = CustomerFacts(
        first_contact_on=date(2024, 4, 1),
        cooperation_start=date(2024, 2, 1),
        contract_end=date(2024, 1, 1),
    )
    found = doubts(facts, TODAY)
    assert [problem.code for problem in found] == [
        "contract_end_before_start",
        "cooperation_before_contact",
        "date_in_future",
    ]
    assert {problem.level for problem in found} == {"warning"}
    assert found[2].params == {"field": "first_contact_on"}


def test_what_is_not_known_raises_no_doubt():
    assert doubts(CustomerFacts(), TODAY) == []
    assert doubts(CustomerFacts(contract_end=date(2023, 1, 1)), TODAY) == []


def test_every_state_has_a_likely_stage_and_added_ones_fit_always():
    for lifecycle in LIFECYCLE:
        assert any(stage_fits(lifecycle, stage) for stage in STAGES)
        assert stage_fits(lifecycle, "sampling")
        assert stage_fits(lifecycle, None)
    assert stage_fits("trial", "cooperating")
