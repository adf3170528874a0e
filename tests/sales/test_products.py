"""The product list: one code each, retired where it was sold, found and narrowed down."""

import pytest

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.sales.operations import (
    LineDraft,
    delete_product,
    offer_product,
    retire_product,
    update_product,
)
from crmlite.sales.queries import products as reading
from crmlite.sales.queries.products import RETIRED, Wanted, called, meant
from crmlite.work import Gone, Refused
from crmlite.work.undoing import undo
from tests.customers.records import send
from tests.sales.conftest import sent


def names(**wanted):
    return [row["name"] for row in reading.products(everything(), Wanted(**wanted)).rows]


def test_a_code_is_that_of_one_product(shop):
    first = shop.product("Pump", code="P-1")
    with pytest.raises(Refused, match="code-taken"):
        shop.product("Other pump", code="P-1")
    other = shop.product("Other pump", code="P-2")
    with pytest.raises(Refused, match="code-taken"):
        update_product(other, {"code": "P-1"}, by=shop.manager, at=clock.now())
    delete_product(first, by=shop.manager, at=clock.now())
    assert update_product(other, {"code": "P-1"}, by=shop.manager, at=clock.now())


def test_what_was_ordered_is_retired_and_not_deleted(shop):
    product_id = shop.product()
    shop.sell(LineDraft(name="Pump P1", quantity=1000, price=1, product_id=product_id))
    with pytest.raises(Refused, match="product-ordered"):
        delete_product(product_id, by=shop.manager, at=clock.now())
    change = retire_product(product_id, by=shop.manager, at=clock.now())
    assert (names(), names(state=RETIRED)) == ([], ["Pump P1"])
    assert meant(["Pump P1"]) == {}
    undo(change, by=shop.manager, at=clock.now())
    assert names() == ["Pump P1"]
    retire_product(product_id, by=shop.manager, at=clock.now())
    assert offer_product(product_id, by=shop.manager, at=clock.now())


def test_a_deleted_product_is_gone_until_it_is_taken_back(shop):
    product_id = shop.product()
    change = delete_product(product_id, by=shop.manager, at=clock.now())
    with pytest.raises(Gone):
        retire_product(product_id, by=shop.manager, at=clock.now())
    undo(change, by=shop.manager, at=clock.now())
    assert names() == ["Pump P1"]


def test_the_list_is_in_order_of_names_and_narrowed_down(shop):
    shop.product("Valve", category="parts")
    shop.product("冷链记录仪", code="EV-110", category="goods")
    shop.product("Pump")
    assert names() == ["冷链记录仪", "Pump", "Valve"] or names() == ["Pump", "Valve", "冷链记录仪"]
    assert names(category="parts") == ["Valve"]
    assert names(text="lljl") == ["冷链记录仪"]
    assert names(text="ev-110") == ["冷链记录仪"]
    assert names(text="nothing") == []


def test_a_line_names_a_product_by_code_by_name_or_by_both(shop):
    shop.product("Pump", code="P-1")
    shop.product("Hose", code="H-1")
    shop.product("Hose", code="H-2")
    found = meant(["P-1", "Pump", "P-1 Pump", "Hose", "H-2 Hose", "Words"])
    assert {text: row["code"] for text, row in found.items()} == {
        "P-1": "P-1",
        "Pump": "P-1",
        "P-1 Pump": "P-1",
        "H-2 Hose": "H-2",
    }
    assert called({"code": "EV-1", "name": "EV-1 Logger"}) == "EV-1 Logger"


def test_managers_keep_the_list_by_its_pages(app, sign_in, sold):
    client = sign_in("manager")
    typed = {"name": "Pump", "code": "P-1", "price": "125.50", "unit": "piece"}
    assert send(client, "/products/new", typed).status_code == 303
    assert "CN¥125.50" in client.get("/products").text
    twin = send(client, "/products/new", {"name": "Other", "code": "P-1"})
    assert twin.status_code == 422
    assert "has the code P-1" in twin.text
    send(client, "/products/1/edit", {"name": "Big pump"})
    assert "Big pump" in client.get("/products/1").text
    sent(client, "/products/1/retirement")
    assert "Big pump" not in client.get("/products").text
    sent(client, "/products/1/offer")
    assert "Big pump" in client.get("/products?q=pump").text
    sent(client, "/products/1/deletion")
    assert client.get("/products/1").status_code == 404
