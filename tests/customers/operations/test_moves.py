"""The guard of the life-cycle, and what needs tell of a customer."""

import pytest
from flask import Flask

from crmlite.customers import operations as do
from crmlite.customers import queries
from crmlite.work import Refused
from tests.customers.operating import added, done, row_of


def test_interested_needs_an_urgency_and_a_stage(inside: Flask) -> None:
    customer_id = added()["id"]
    with pytest.raises(Refused, match="urgency-needed") as refused:
        done(do.move_lifecycle, customer_id, "interested")
    assert refused.value.params["missing"] == ["urgency", "stage"]
    done(do.move_lifecycle, customer_id, "interested", urgency="high", stage="proposal")
    row = row_of(customer_id)
    assert (row["lifecycle"], row["stage"], row["urgency"], row["open_needs"]) == (
        "interested",
        "proposal",
        "high",
        1,
    )


def test_an_urgency_that_is_known_is_not_asked_for_again(inside: Flask) -> None:
    customer_id = added()["id"]
    done(do.add_need, customer_id, {"goal": "Line 2", "urgency": "low"})
    done(do.move_lifecycle, customer_id, "interested", stage="proposal")
    assert row_of(customer_id)["lifecycle"] == "interested"


def test_the_urgency_goes_to_the_open_need_there_is(inside: Flask) -> None:
    customer_id = added()["id"]
    need_id = done(do.add_need, customer_id, {"goal": "Line 2"})
    done(do.move_lifecycle, customer_id, "interested", urgency="high", stage="proposal")
    assert [(need["id"], need["urgency"]) for need in queries.needs_of(customer_id)] == [
        (need_id, "high")
    ]


def test_a_need_that_an_urgency_opens_is_counted_wherever_one_moves(inside: Flask) -> None:
    customer_id = added()["id"]
    assert done(do.move_lifecycle, customer_id, "potential", urgency="high")
    assert (row_of(customer_id)["needs"], row_of(customer_id)["urgency"]) == (1, "high")


def test_lost_needs_a_reason_which_goes_when_they_return(inside: Flask) -> None:
    customer_id = added()["id"]
    with pytest.raises(Refused, match="reason-needed"):
        done(do.move_lifecycle, customer_id, "lost")
    done(do.move_lifecycle, customer_id, "lost", reason="price")
    assert row_of(customer_id)["lost_reason"] == "price"
    assert done(do.move_lifecycle, customer_id, "lost") == 0
    assert row_of(customer_id)["lost_reason"] == "price"
    done(do.move_lifecycle, customer_id, "potential")
    assert row_of(customer_id)["lost_reason"] is None


def test_the_most_urgent_open_need_speaks_for_the_customer(inside: Flask) -> None:
    customer_id = added()["id"]
    done(do.add_need, customer_id, {"urgency": "low", "budget": "under-100k"})
    high = done(do.add_need, customer_id, {"urgency": "high", "budget": "over-500k"})
    assert row_of(customer_id)["budget"] == "over-500k"
    done(do.update_need, high, {"status": "landed"})
    row = row_of(customer_id)
    assert (row["budget"], row["needs"], row["open_needs"]) == ("under-100k", 2, 1)
    landed = next(need for need in queries.needs_of(customer_id) if need["id"] == high)
    assert landed["closed_on"] is not None


def test_a_need_that_is_open_again_has_no_closing_day(inside: Flask) -> None:
    customer_id = added()["id"]
    need_id = done(do.add_need, customer_id, {"goal": "Line 2"})
    done(do.update_need, need_id, {"status": "landed"})
    done(do.update_need, need_id, {"status": "open"})
    assert [need["closed_on"] for need in queries.needs_of(customer_id)] == [None]


def test_risk_notes_are_counted(inside: Flask) -> None:
    customer_id = added()["id"]
    note = done(do.add_remark, customer_id, {"text": "A competitor", "is_risk": True})
    done(do.add_remark, customer_id, {"text": "Paper contracts", "is_risk": False})
    assert row_of(customer_id)["risks"] == 1
    done(do.delete_remark, note)
    assert row_of(customer_id)["risks"] == 0
