"""What orders and returns come to, to the last cent."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmlite.rules.pricing import (
    Item,
    Sold,
    half_up,
    item_problem,
    line_amount,
    order_problem,
    sums,
    worth,
)
from crmlite.rules.quantities import Discount

TENTH = Discount(rate=1000)


@pytest.mark.parametrize(
    ("item", "amount"),
    [
        pytest.param(Item(quantity=1000, price=19_900), 19_900, id="one piece"),
        pytest.param(Item(quantity=3000, price=19_900), 59_700, id="three pieces"),
        pytest.param(Item(quantity=2500, price=333), 833, id="832.5 is rounded half up"),
        pytest.param(Item(quantity=333, price=100), 33, id="a third of a hundred"),
        pytest.param(Item(quantity=1, price=499), 0, id="a thousandth of little is nothing"),
        pytest.param(Item(quantity=1, price=500), 1, id="half a unit is one"),
        pytest.param(
            Item(quantity=1000, price=999, discount=TENTH), 899, id="a tenth of 999 is 100"
        ),
        pytest.param(
            Item(quantity=1000, price=995, discount=TENTH), 895, id="99.5 off is rounded half up"
        ),
        pytest.param(
            Item(quantity=2000, price=1000, discount=Discount(amount=1)), 1999, id="one cent off"
        ),
        pytest.param(
            Item(quantity=1000, price=1000, discount=Discount(rate=10_000)), 0, id="all of it off"
        ),
        pytest.param(Item(quantity=1000, price=0), 0, id="for nothing"),
    ],
)
def test_a_line_is_rounded_on_its_own(item, amount):
    assert line_amount(item) == amount


def test_the_discount_on_the_whole_comes_off_the_rounded_lines():
    found = sums([Item(quantity=2500, price=333), Item(quantity=1000, price=1000)], TENTH)
    assert found.lines == (833, 1000)
    assert (found.subtotal, found.discount, found.total) == (1833, 183, 1650)


def test_no_more_is_taken_off_than_is_there():
    item = Item(quantity=1000, price=1000, discount=Discount(amount=1001))
    assert item_problem(item).code == "discount_too_large"
    assert order_problem([Item(quantity=1000, price=5)], Discount(amount=6)).code == (
        "discount_too_large"
    )
    assert item_problem(Item(quantity=10**12, price=10**9)).code == "amount_out_of_range"


@pytest.mark.parametrize(
    ("value", "whole"),
    [(Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(149, 100), 1), (Fraction(0), 0)],
)
def test_a_half_goes_up(value, whole):
    assert half_up(value) == whole


DISCOUNTS = some.one_of(
    some.builds(Discount, rate=some.integers(0, 10_000)),
    some.builds(Discount, amount=some.integers(0, 10_000)),
)
ITEMS = some.builds(
    Item,
    quantity=some.integers(1, 10**7),
    price=some.integers(0, 10**7),
    discount=DISCOUNTS,
)


@given(some.lists(ITEMS, max_size=6), DISCOUNTS)
def test_what_is_left_is_never_below_nothing_and_adds_up(items, discount):
    found = sums(items, discount)
    assert all(amount >= 0 for amount in found.lines)
    assert found.subtotal == sum(found.lines)
    assert 0 <= found.total == found.subtotal - found.discount


SALES = some.lists(
    some.tuples(some.integers(1, 10**6), some.integers(0, 10**9)), min_size=1, max_size=5
)


@given(SALES, some.integers(0, 10_000), some.data())
def test_goods_that_all_come_back_in_parts_are_worth_what_was_paid(sales, rate, data):
    subtotal = sum(amount for _quantity, amount in sales)
    total = subtotal - half_up(Fraction(subtotal * rate, 10_000))
    back = [data.draw(some.integers(0, quantity)) for quantity, _amount in sales]

    def value(returned):
        sold = [
            Sold(quantity=quantity, amount=amount, returned=some_back)
            for (quantity, amount), some_back in zip(sales, returned, strict=True)
        ]
        return worth(sold, total)

    part, whole = value(back), value([quantity for quantity, _amount in sales])
    assert 0 <= part <= whole
    assert whole == (total if subtotal else 0)
    assert value([0] * len(sales)) == 0
