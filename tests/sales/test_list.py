"""The list of orders: narrowed down, summed up, page by page; and what customers bought, as fields."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select, update

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.accounts.operations import UserChange, update_user
from crmlite.customers.models import Customer
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.rules.order_states import Status
from crmlite.sales import checks
from crmlite.sales.models import Order, OrderLine
from crmlite.sales.operations import ReturnDraft, add_return
from crmlite.sales.queries import orders as reading
from crmlite.sales.queries.orders import Wanted
from crmlite.sales.query_string import days_of
from crmlite.saved_views.operations import save_view
from crmlite.search.queries import find
from crmlite.testing import person_id
from crmlite.work import Actor
from crmlite.work.checks import GOOD
from tests.sales.conftest import DAY, PUMP, sent

TODAY = date(2026, 8, 15)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("month", (date(2026, 8, 1), None)),
        ("last-month", (date(2026, 7, 1), date(2026, 7, 31))),
        ("quarter", (date(2026, 7, 1), None)),
        ("last-quarter", (date(2026, 4, 1), date(2026, 6, 30))),
        ("year", (date(2026, 1, 1), None)),
        ("last-year", (date(2025, 1, 1), date(2025, 12, 31))),
        ("for ever", (None, None)),
        ("last-", (None, None)),
    ],
)
def test_periods_have_a_first_and_a_last_day(period, days):
    assert days_of(period, TODAY) == days


def numbers(shop, **wanted):
    page = reading.orders(everything(), Wanted(**wanted))
    return [row["number"] for row in page.rows]


def test_the_latest_come_first_and_filters_narrow_down(shop):
    shop.sell(PUMP)
    shop.sell(PUMP, after=30, status="draft")
    shop.sell(PUMP, after=60, seller_id=person_id("sales2"))
    assert numbers(shop) == ["SO0003", "SO0002", "SO0001"]
    assert numbers(shop, status="draft") == ["SO0002"]
    assert numbers(shop, seller_id=person_id("sales2")) == ["SO0003"]
    assert numbers(shop, since=date(2026, 4, 1)) == ["SO0003", "SO0002"]
    assert numbers(shop, until=date(2026, 3, 31)) == ["SO0001"]
    assert numbers(shop, text="SO0002") == ["SO0002"]
    assert numbers(shop, text="calder") == ["SO0003", "SO0002", "SO0001"]
    assert numbers(shop, text="pump") == ["SO0003", "SO0002", "SO0001"]


def test_an_order_of_which_something_was_exchanged_is_one_with_returns(app, sign_in, sold):
    client = sign_in("manager")
    assert "with returns" not in client.get("/orders").text
    with app.app_context():
        [line_id, _] = database.session.execute(
            select(OrderLine.id).order_by(OrderLine.id)
        ).scalars()
        draft = ReturnDraft(quantities={line_id: 1000}, returned_on=DAY, settlement="exchange")
        by = Actor("person", "manager", person_id("manager"))
        add_return(1, draft, by=by, at=clock.now())
    assert "with returns" in client.get("/orders").text


def test_what_is_looked_for_is_looked_for_among_what_is_narrowed_down(sign_in, sold):
    client = sign_in("manager")
    page = client.get("/orders?status=delivered&view=all").text
    assert 'hx-get="/orders?status=delivered"' in page
    assert 'name="status" value="delivered"' in page
    assert "SO0001" in client.get("/orders?status=delivered&q=calder").text
    assert "SO0001" not in client.get("/orders?status=draft&q=calder").text
    assert "No order fits" in client.get("/orders?status=draft&q=calder").text


def test_pages_follow_each_other(shop, monkeypatch):
    monkeypatch.setattr(reading, "SIZE", 2)
    for _ in range(3):
        shop.sell(PUMP)
    first = reading.orders(everything(), Wanted())
    second = reading.orders(everything(), Wanted(), first.after)
    assert [row["number"] for row in (*first.rows, *second.rows)] == ["SO0003", "SO0002", "SO0001"]


def test_the_sum_is_what_was_bought_less_what_was_paid_back(shop, monkeypatch):
    order_id = shop.sell(PUMP)
    shop.sell(PUMP, status="draft")
    shop.take_back(order_id, 500)
    assert reading.total(everything(), Wanted()) == reading.Total(2, {"CNY": 15_000})
    assert reading.total(everything(), Wanted(status=Status.DRAFT)).sums == {"CNY": 20_000}
    monkeypatch.setattr(reading, "MOST_SUMMED", 1)
    assert reading.total(everything(), Wanted()) == reading.Total(2, {})


def test_orders_are_found_under_the_customers_name_of_now(shop):
    shop.sell(PUMP)
    values = {"name": "Harrow Looms Ltd"}
    update_customer(shop.customer["id"], values, by=shop.manager, at=clock.now())
    assert [hit.record_type for hit in find(everything(), "harrow", {"order"})] == ["order"]


def test_orders_go_along_to_the_customers_new_owner(app, sold, sign_in):
    with app.app_context():
        table = Customer.__table__
        wanted = select(table.c.id).where(table.c.number == sold)
        customer_id = database.session.execute(wanted).scalar_one()
        by = Actor("person", "manager", person_id("manager"))
        values = {"owner_id": person_id("sales2")}
        update_customer(customer_id, values, by=by, at=clock.now())
        database.session.remove()
    assert "/orders/SO0001" in sign_in("sales2").get("/search?q=SO0001").text
    assert "/orders/SO0001" not in sign_in("sales").get("/search?q=SO0001").text


def test_customers_are_listed_by_what_they_bought(app, sold, sign_in):
    client = sign_in("manager")
    columns = "orders,bought,average_order,first_order_on,last_order_on,order_interval"
    seen = client.get(f"/customers?w=orders~at_least~1&columns=name,{columns}&sort=-bought").text
    assert "Calder Bearings Ltd" in seen
    assert "211" in seen
    assert "Calder Bearings Ltd" not in client.get("/customers?w=bought~above~100000").text
    assert "Calder Bearings Ltd" in client.get("/customers?w=bought~above~10000").text


def test_the_check_finds_sums_that_are_none(shop):
    order_id = shop.sell(PUMP)
    assert [finding.level for finding in checks._compare(True)] == [GOOD]
    order, line = Order.__table__, OrderLine.__table__
    database.session.execute(update(order).where(order.c.id == order_id).values(total=1))
    database.session.execute(update(line).where(line.c.order_id == order_id).values(amount=2))
    found = [str(finding) for finding in checks._compare(True)]
    assert found == [
        "total of order SO0001 is 1 and should be 20000.",
        "Line 1 of order SO0001 comes to 2 and should come to 20000.",
    ]


def test_products_customers_days_and_amounts_narrow_it_down(shop):
    product = shop.product("Pump P1", code="P-1")
    of_product = replace(PUMP, product_id=product)
    shop.sell(of_product)
    shop.sell(PUMP, PUMP, after=30)
    assert numbers(shop, product_id=product) == ["SO0001"]
    assert numbers(shop, customer_id=shop.customer["id"]) == ["SO0002", "SO0001"]
    assert numbers(shop, customer_id=0) == []
    assert numbers(shop, least=30_000) == ["SO0002"]
    assert numbers(shop, most=30_000) == ["SO0001"]
    assert numbers(shop, sort="total", descending=False) == ["SO0001", "SO0002"]
    assert numbers(shop, descending=False) == ["SO0001", "SO0002"]


def test_who_does_not_see_all_amounts_cannot_ask_for_them(shop, monkeypatch):
    shop.sell(PUMP)
    monkeypatch.setattr(reading, "sees_all_amounts", lambda _reader: False)
    assert numbers(shop, least=10**9, sort="total") == ["SO0001"]


def test_conditions_are_said_in_a_form(sign_in, sold):
    client = sign_in("manager")
    given = {"since": "2026-03-01", "until": "2026-03-31", "customer": "Calder", "least": "100"}
    answer = sent(client, "/orders/conditions?status=delivered", **given)
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert "status=delivered" in place
    page = client.get(place).text
    assert "SO0001" in page
    assert "At least" in page
    assert "Calder Bearings Ltd" in page
    assert (
        "Calder Bearings Ltd" in client.get(place.replace("/orders?", "/orders/conditions?")).text
    )
    wrong = sent(client, "/orders/conditions", customer="nobody", product="nothing")
    assert wrong.status_code == 422
    assert "There is no such product in the list." in wrong.text
    swapped = sent(client, "/orders/conditions", since="2026-03-31", until="2026-03-01")
    assert "This is before the first day." in swapped.text


def test_it_is_sorted_by_its_heads(sign_in, sold):
    client = sign_in("manager")
    page = client.get("/orders?sort=-total").text
    assert 'aria-sort="descending"' in page
    assert "sort=total" in page


def test_a_list_is_kept_as_a_view(sign_in, sold):
    client = sign_in("manager")
    made = sent(client, "/orders/views/new?status=delivered&period=year", name="Sent this year")
    place = made.headers["Location"]
    page = client.get(place).text
    assert "Sent this year" in page
    assert "period=year" in place
    view_id = place.partition("saved=")[2].partition("&")[0]
    assert f"/orders/views/{view_id}/edit" in page
    sent(
        client, f"/orders/views/{view_id}/edit?status=draft", name="Drafts", renew="y", version="1"
    )
    assert "status=draft" in client.get("/orders").text
    sent(client, f"/orders/views/{view_id}/deletion")
    client.get("/orders")  # says that it is gone
    assert "Drafts" not in client.get("/orders").text


def test_a_view_of_somebodys_orders_stays_theirs_when_they_sign_in_otherwise(app, sign_in, sold):
    client = sign_in("manager")
    place = sent(client, "/orders/views/new?seller=sales2", name="Hers").headers["Location"]
    assert "SO0001" not in client.get(place).text
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        kept_by_login = {"seller": "sales2"}  # as older views have it
        save_view("orders", "Of old", kept_by_login, shared=False, by=by, at=clock.now())
        changed = UserChange(login="anna", name="Anna", role="sales", team_ids=[])
        update_user(person_id("sales2"), changed, by=by, at=clock.now())
    tabs = re.findall(r'href="(/orders\?[^"]*saved=(\d+))"', client.get("/orders").text)
    views = {int(view_id): unescape(address) for address, view_id in tabs}
    assert "seller=anna" in views[min(views)]
    for address in (place, *views.values()):
        page = client.get(address).text
        assert "SO0001" not in page and "No order fits" in page


def test_an_address_with_an_id_that_cannot_be_asks_for_everything(sign_in, sold):
    client = sign_in("manager")
    for name in ("product", "customer", "saved", "least", "most"):
        assert client.get(f"/orders?{name}=99999999999999").status_code == 200


def test_all_orders_are_not_counted_as_far_as_some(shop, monkeypatch):
    monkeypatch.setattr(reading, "MOST_COUNTED", 1)
    for _ in range(3):
        shop.sell(PUMP)
    assert reading.total(everything(), Wanted()) == reading.Total(2, {})
    assert reading.total(everything(), Wanted(status="delivered")).count == 3
