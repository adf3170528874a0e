"""Goods that come back: never more than was sold, and worth what was paid for them."""

import pytest
from sqlalchemy import update

from crmlite import clock
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.rules.quantities import Discount
from crmlite.sales.models import Order
from crmlite.sales.operations import LineDraft, delete_return, move_order, update_order
from crmlite.work import Refused
from crmlite.work.undoing import undo
from tests.sales.conftest import PUMP


def test_a_return_lowers_what_the_customer_bought(shop):
    order_id = shop.sell(PUMP)
    made = shop.take_back(order_id, 1000)
    assert made["number"] == "SR0001"
    assert shop.order(order_id)["refunded"] == 10_000
    assert (shop.facts()["bought"], shop.facts()["average_order"]) == (10_000, 10_000)
    undo(made["operation"], by=shop.seller, at=clock.now())
    assert shop.order(order_id)["refunded"] == 0
    assert shop.facts()["bought"] == 20_000


def test_no_more_comes_back_than_was_sold(shop):
    order_id = shop.sell(PUMP)
    shop.take_back(order_id, 1500)
    with pytest.raises(Refused) as refusal:
        shop.take_back(order_id, 501)
    assert (refusal.value.code, refusal.value.params["most"]) == ("return_too_many", "0.5")
    shop.take_back(order_id, 500)
    assert shop.order(order_id)["refunded"] == 20_000


def test_in_parts_comes_back_to_the_cent_what_was_paid(shop):
    odd = LineDraft(name="Cable", quantity=3000, price=333, discount=Discount(rate=333))
    order_id = shop.sell(odd, discount_amount=7)
    for _ in range(3):
        shop.take_back(order_id, 1000)
    order = shop.order(order_id)
    assert order["refunded"] == order["total"]
    assert shop.facts()["bought"] == 0


def test_an_exchange_pays_nothing_back_and_can_come_back_again(shop):
    order_id = shop.sell(PUMP)
    shop.take_back(order_id, 2000, settlement="exchange")
    assert (shop.order(order_id)["refunded"], shop.facts()["bought"]) == (0, 20_000)
    shop.take_back(order_id, 2000)
    assert shop.facts()["bought"] == 0


def test_another_amount_may_be_paid_back_but_not_more_than_was_paid(shop):
    order_id = shop.sell(PUMP)
    shop.take_back(order_id, 1000, amount=9_000)
    with pytest.raises(Refused, match="return_too_much_money"):
        shop.take_back(order_id, 1000, amount=11_001)
    assert shop.order(order_id)["refunded"] == 9_000


@pytest.mark.parametrize("status", ["draft", "confirmed", "cancelled"])
def test_only_what_was_delivered_comes_back(shop, status):
    order_id = shop.sell(PUMP, status=status)
    with pytest.raises(Refused, match="return_not_delivered"):
        shop.take_back(order_id, 1000)


def test_a_return_is_of_something(shop):
    order_id = shop.sell(PUMP)
    with pytest.raises(Refused, match="return_nothing"):
        shop.take_back(order_id, 0)


def test_what_came_back_stays_delivered_also_for_an_undo(shop):
    order_id = shop.sell(PUMP, status="confirmed")
    change = move_order(order_id, "delivered", by=shop.seller, at=clock.now())
    made = shop.take_back(order_id, 1000)
    with pytest.raises(Refused, match="order_has_returns"):
        move_order(order_id, "confirmed", by=shop.seller, at=clock.now())
    with pytest.raises(Refused, match="order_has_returns"):
        undo(change, by=shop.seller, at=clock.now())
    assert shop.order(order_id)["status"] == "delivered"
    delete_return(made["id"], by=shop.seller, at=clock.now())
    undo(change, by=shop.seller, at=clock.now())
    assert shop.order(order_id)["status"] == "confirmed"


def test_one_that_stands_wrongly_since_long_keeps_nobody_from_working_on_the_customer(shop):
    order_id = shop.sell(PUMP)
    shop.take_back(order_id, 1000)
    wrong = update(Order.__table__).where(Order.id == order_id).values(status="cancelled")
    database.session.execute(wrong)
    database.session.commit()
    update_customer(shop.customer["id"], {"name": "Renamed"}, by=shop.seller, at=clock.now())
    other = shop.sell(PUMP, status="confirmed")
    change = move_order(other, "delivered", by=shop.seller, at=clock.now())
    undo(change, by=shop.seller, at=clock.now())
    assert shop.order(other)["status"] == "confirmed"


def test_a_deleted_return_is_not_brought_back_over_what_came_back_since(shop):
    order_id = shop.sell(PUMP)
    made = shop.take_back(order_id, 2000)
    change = delete_return(made["id"], by=shop.seller, at=clock.now())
    shop.take_back(order_id, 1000)
    with pytest.raises(Refused, match="order_has_returns"):
        undo(change, by=shop.seller, at=clock.now())
    assert shop.order(order_id)["refunded"] == 10_000


def test_an_order_never_comes_to_less_than_was_paid_back(shop):
    order_id = shop.sell(PUMP, PUMP)
    made = shop.take_back(order_id, 2000)
    change = {"discount_rate": 9500}
    with pytest.raises(Refused, match="order_paid_back") as refusal:
        update_order(order_id, change, by=shop.seller, at=clock.now())
    assert "200" in refusal.value.params["back"]
    update_order(order_id, {"discount_rate": 5000}, by=shop.seller, at=clock.now())
    assert shop.facts()["bought"] == 0
    undo(made["operation"], by=shop.seller, at=clock.now())
    assert update_order(order_id, change, by=shop.seller, at=clock.now())


def test_an_undo_pays_back_no_more_than_the_order_comes_to(shop):
    order_id = shop.sell(PUMP)
    made = shop.take_back(order_id, 2000)
    taken = delete_return(made["id"], by=shop.seller, at=clock.now())
    update_order(order_id, {"discount_rate": 5000}, by=shop.seller, at=clock.now())
    with pytest.raises(Refused, match="order_has_returns"):
        undo(taken, by=shop.seller, at=clock.now())
