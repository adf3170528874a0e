"""What customers are asked about what they bought lately, and about complaints of late."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from crmlite.access.readers import everything
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import asking, condition
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.rules.conditions import Node, Not, where
from crmlite.sales.operations import LineDraft
from tests.sales.conftest import DAY, Counter

TODAY = date(2026, 4, 20)
Found = Callable[[Node], bool]


@pytest.fixture
def found(shop: Counter) -> Found:
    """Whether a condition takes the customer."""

    def takes(tree: Node) -> bool:
        table = Customer.__table__
        holds = condition(tree, dict(whole_catalogue()), asking(everything(), TODAY))
        wanted = select(table.c.id).where(table.c.id == shop.customer["id"], holds)
        return database.session.execute(wanted).first() is not None

    return takes


def of(product: int) -> LineDraft:
    """A line with a product of the list."""
    return LineDraft(name="Wipes", quantity=1000, price=500, product_id=product)


@time_machine.travel(datetime(2026, 4, 20, 9, tzinfo=UTC), tick=False)
def test_what_is_bought_often_is_the_category_of_several_orders_lately(shop: Counter, found: Found):
    baby = shop.product("Wipes", category="material")
    often = where("bought_often", "is", "material")
    for after in (0, 10):
        shop.sell(of(baby), after=after)
    assert not found(often)
    assert found(where("bought_often", "empty"))
    shop.sell(of(baby), after=-60)  # too long ago
    shop.sell(of(baby), after=60)  # not bought yet
    assert not found(often)
    shop.sell(of(baby), after=20)
    assert found(often)
    assert not found(Not(often))


@time_machine.travel(datetime(2026, 4, 20, 9, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("days", "steady"),
    [
        ((date(2026, 2, 3), date(2026, 3, 2), date(2026, 4, 9)), True),
        ((date(2026, 2, 3), date(2026, 3, 2), date(2026, 3, 9)), False),
        ((date(2026, 1, 3), date(2026, 2, 2), date(2026, 3, 9)), False),
        ((date(2025, 4, 3), date(2026, 3, 2), date(2026, 4, 9)), False),
        ((date(2026, 2, 3), date(2026, 3, 2), date(2026, 4, 21)), False),
        ((date(2026, 3, 2), date(2026, 4, 9), date(2026, 5, 9)), False),
    ],
)
def test_the_same_product_in_three_months_running(
    shop: Counter, found: Found, days: tuple[date, ...], steady: bool
):
    pump, hose = shop.product("Pump"), shop.product("Hose")
    for day in days:
        shop.sell(of(pump), after=(day - DAY).days)
    assert found(where("steady_product", "is", True)) is steady
    assert found(where("steady_product", "is", False)) is not steady
    shop.sell(of(hose), after=(days[0] - DAY).days)
    assert found(where("steady_product", "is", True)) is steady


def test_the_share_of_orders_with_returns(shop: Counter, found: Found):
    assert not found(where("return_percent", "at_most", 100))
    assert found(where("return_percent", "empty"))
    orders = [shop.sell() for _ in range(4)]
    assert found(where("return_percent", "is", 0))
    shop.take_back(orders[0], 1000)
    assert found(where("return_percent", "is", 25))
    shop.take_back(orders[1], 1000)
    assert found(where("return_percent", "at_least", 50))
    assert not found(where("return_percent", "above", 50))
    assert found(Not(where("return_percent", "below", 50)))


def test_a_share_of_returns_is_rounded_down_whatever_the_engine(shop: Counter, found: Found):
    for _ in range(2):
        shop.take_back(shop.sell(), 1000)
    shop.sell()
    assert found(where("return_percent", "is", 66))


def test_only_orders_that_count_are_counted(shop: Counter, found: Found):
    shop.sell(status="draft", after=1)
    assert found(where("return_percent", "empty"))
