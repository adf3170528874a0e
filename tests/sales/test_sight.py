"""Whose orders somebody sees, and to whom amounts are shown."""

import pytest

from tests.sales.conftest import sent

AMOUNT = "211.66"


@pytest.mark.parametrize(
    ("login", "status"), [("sales", 200), ("sales2", 404), ("support", 200), ("manager", 200)]
)
def test_an_order_is_seen_as_its_customer_is(sign_in, sold, login, status):
    client = sign_in(login)
    assert client.get("/orders/SO0001").status_code == status
    assert ("SO0001" in client.get("/orders").text) == (status == 200)
    assert ("/orders/SO0001" in client.get("/search?q=SO0001").text) == (status == 200)


def test_support_sees_orders_without_amounts(sign_in, sold):
    client = sign_in("support")
    tab = f"/customers/{sold}/tabs/orders"
    for page in ("/orders", "/orders/SO0001", f"/customers/{sold}", tab):
        text = client.get(page).text
        assert "SO0001" in text
        assert AMOUNT not in text
        assert "CN¥200" not in text
    assert client.get("/orders/new").status_code == 403
    assert client.get("/orders/SO0001/edit").status_code == 403
    assert sent(client, "/orders/SO0001/state", status="closed").status_code == 403


def test_salespeople_sell_to_their_own_customers_only(sign_in, sold):
    client = sign_in("sales2")
    data = {"ordered_on": "2026-03-02", "standing": "draft", "customer": sold}
    assert sent(client, "/orders/new", **data).status_code == 422
    assert sent(client, "/orders/SO0001/state", status="closed").status_code == 404


def test_products_are_everybodys_to_see_and_managers_to_change(sign_in, sold):
    assert sign_in("sales").get("/products").status_code == 200
    assert sign_in("sales").get("/products/new").status_code == 403
    assert sign_in("manager").get("/products/new").status_code == 200
