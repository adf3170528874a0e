"""Orders as they are written down, corrected, moved on and taken back."""

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.rules.quantities import Discount
from crmlite.sales.operations import (
    LineDraft,
    OrderDraft,
    add_order,
    delete_order,
    move_order,
    update_order,
)
from crmlite.work import Gone, Refused, Stale
from crmlite.work.ledger import OperationRow
from crmlite.work.undoing import undo
from tests.sales.conftest import DAY, HOSE, PUMP


def test_an_order_comes_to_what_its_lines_do(shop):
    order_id = shop.sell(PUMP, HOSE, discount_rate=1000)
    order = shop.order(order_id)
    assert [line["amount"] for line in shop.lines(order_id)] == [20_000, 1166]
    assert (order["subtotal"], order["total"], order["refunded"]) == (21_166, 19_049, 0)
    assert (order["number"], order["currency"]) == ("SO0001", "CNY")
    assert order["seller_id"] == shop.seller.user_id


def test_numbers_run_on_and_go_past_those_that_orders_had_already(shop):
    found = [shop.order(shop.sell(number=own))["number"] for own in (None, "SO0007", "X-9", None)]
    assert found == ["SO0001", "SO0007", "X-9", "SO0008"]


@pytest.mark.parametrize(
    ("number", "code"),
    [("SO0001", "number-taken"), ("new", "number_reserved"), ("a b", "number_characters")],
)
def test_a_number_that_cannot_be_is_refused(shop, number, code):
    shop.sell()
    with pytest.raises(Refused) as refusal:
        shop.sell(number=number)
    assert refusal.value.code == code


def test_only_a_draft_has_no_lines(shop):
    draft = OrderDraft(customer_id=shop.customer["id"], values={"ordered_on": DAY})
    with pytest.raises(Refused, match="order_empty"):
        add_order(draft, by=shop.seller, at=clock.now())


def test_lines_are_changed_added_and_taken_away(shop):
    order_id = shop.sell(PUMP, HOSE, status="confirmed")
    first, _second = shop.lines(order_id)
    lines = [
        LineDraft(id=first["id"], name="Pump", quantity=1000, price=10_000),
        LineDraft(name="Fitting", quantity=1000, price=500, discount=Discount(amount=100)),
    ]
    change = update_order(order_id, {}, lines, by=shop.seller, at=clock.now())
    assert [(line["name"], line["amount"]) for line in shop.lines(order_id)] == [
        ("Pump", 10_000),
        ("Fitting", 400),
    ]
    assert shop.order(order_id)["total"] == 10_400
    undo(change, by=shop.seller, at=clock.now())
    assert [line["amount"] for line in shop.lines(order_id)] == [20_000, 1166]
    assert shop.order(order_id)["total"] == 21_166


def test_nothing_changed_is_nothing_written(shop):
    order_id = shop.sell(PUMP, status="confirmed")
    [line] = shop.lines(order_id)
    same = LineDraft(id=line["id"], name="Pump", quantity=2000, price=10_000)
    assert update_order(order_id, {}, [same], by=shop.seller, at=clock.now()) == 0
    assert shop.order(order_id)["version"] == 1


def test_who_is_second_learns_of_other_lines_too(shop):
    order_id = shop.sell(PUMP, status="confirmed")
    [line] = shop.lines(order_id)
    more = LineDraft(id=line["id"], name="Pump", quantity=3000, price=10_000)
    update_order(order_id, {}, [more], by=shop.seller, at=clock.now(), version=1)
    with pytest.raises(Stale):
        update_order(order_id, {"remark": "x"}, by=shop.seller, at=clock.now(), version=1)


def test_what_was_delivered_keeps_its_lines(shop):
    order_id = shop.sell(PUMP)
    with pytest.raises(Refused, match="order_lines_fixed"):
        update_order(order_id, {}, [HOSE], by=shop.seller, at=clock.now())
    assert update_order(order_id, {"remark": "By post"}, by=shop.seller, at=clock.now())


def test_an_order_moves_on_and_back_as_the_rules_have_it(shop):
    order_id = shop.sell(PUMP, status="draft")
    assert shop.facts()["orders"] == 0
    move_order(order_id, "confirmed", by=shop.seller, at=clock.now())
    assert shop.facts()["orders"] == 1
    with pytest.raises(Refused, match="order_not_delivered"):
        move_order(order_id, "closed", by=shop.seller, at=clock.now())
    change = move_order(order_id, "cancelled", by=shop.seller, at=clock.now())
    assert shop.facts()["orders"] == 0
    undo(change, by=shop.seller, at=clock.now())
    assert (shop.order(order_id)["status"], shop.facts()["orders"]) == ("confirmed", 1)


def test_a_deleted_order_counts_no_more_and_comes_back_whole(shop):
    order_id = shop.sell(PUMP)
    change = delete_order(order_id, by=shop.seller, at=clock.now())
    assert shop.facts()["bought"] == 0
    with pytest.raises(Gone):
        move_order(order_id, "closed", by=shop.seller, at=clock.now())
    undo(change, by=shop.seller, at=clock.now())
    assert shop.facts()["bought"] == 20_000
    assert len(shop.lines(order_id)) == 1


def test_writing_an_order_down_is_taken_back(shop):
    order_id = shop.sell(PUMP)
    table = OperationRow.__table__
    wanted = select(table.c.id).where(table.c.name == "order_added")
    undo(database.session.execute(wanted).scalar_one(), by=shop.seller, at=clock.now())
    assert shop.order(order_id)["state"] == "deleted"
    assert shop.facts()["orders"] == 0


def test_facts_tell_how_much_and_how_often(shop):
    for after in (0, 30, 70):
        shop.sell(PUMP, after=after)
    shop.sell(PUMP, after=200, status="draft")
    facts = shop.facts()
    assert (facts["orders"], facts["bought"], facts["average_order"]) == (3, 60_000, 20_000)
    assert (facts["last_order_on"] - facts["first_order_on"]).days == 70
    assert facts["order_interval"] == 35
