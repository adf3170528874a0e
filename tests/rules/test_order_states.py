"""The way of an order: every move there is, and why the others are refused."""

from itertools import product

import pytest

from crmlite.rules.order_states import MOVES, Status, refusal

OPEN = {
    ("draft", "confirmed"),
    ("draft", "cancelled"),
    ("confirmed", "delivered"),
    ("confirmed", "draft"),
    ("confirmed", "cancelled"),
    ("delivered", "closed"),
    ("delivered", "confirmed"),
    ("closed", "delivered"),
    ("cancelled", "draft"),
}


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_a_move_is_open_or_refused_with_the_reason(before, after):
    problem = refusal(before, after, lines=1, returns=0)
    assert (problem is None) == ((before, after) in OPEN)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("draft", "draft", "order_there_already"),
        ("draft", "delivered", "order_not_confirmed"),
        ("confirmed", "closed", "order_not_delivered"),
        ("delivered", "cancelled", "order_was_delivered"),
        ("closed", "draft", "order_is_closed"),
        ("cancelled", "closed", "order_is_cancelled"),
    ],
)
def test_the_reason_fits(before, after, code):
    assert refusal(before, after, lines=1, returns=0).code == code


def test_an_order_without_lines_stays_a_draft():
    assert refusal("draft", "confirmed", lines=0, returns=0).code == "order_empty"
    assert refusal("draft", "cancelled", lines=0, returns=0) is None


def test_an_order_of_which_goods_came_back_stays_delivered():
    assert refusal("delivered", "confirmed", lines=1, returns=1).code == "order_has_returns"
    assert refusal("delivered", "closed", lines=1, returns=1) is None


def test_from_each_state_there_is_a_way():
    assert all(MOVES[status] for status in Status)
