"""Orders by their pages: written down line by line, corrected, moved on, taken back, as people do it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.sales.models import Order, OrderLine
from crmlite.sales.operations import add_product, retire_product, update_order, update_product
from crmlite.testing import person_id
from crmlite.work import Actor
from tests.customers.records import HTMX, form_in, form_on, send
from tests.sales.conftest import sent

NEW = {
    "ordered_on": "2026-03-02",
    "standing": "confirmed",
    "lines-0-name": "Pump",
    "lines-0-quantity": "2",
    "lines-0-price": "100",
}


def stored(app, number="SO0002"):
    with app.app_context():
        table = Order.__table__
        wanted = select(table).where(table.c.number == number)
        return database.session.execute(wanted).mappings().one()


def lines_of(app, order_id):
    with app.app_context():
        table = OrderLine.__table__
        wanted = select(table).where(table.c.order_id == order_id, table.c.state == "active")
        return database.session.execute(wanted.order_by(table.c.position)).mappings().all()


def test_an_order_is_written_down_for_a_customer(app, sign_in, sold):
    client = sign_in("sales")
    page = client.get(f"/orders/new?customer={sold}").text
    assert "Calder Bearings Ltd" in page
    answer = sent(client, "/orders/new", customer=f"{sold} Calder Bearings Ltd", **NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/orders/SO0002")
    with app.app_context():
        assert (stored(app)["total"], stored(app)["seller_id"]) == (20_000, person_id("sales"))
    page = client.get("/orders/SO0002").text
    assert "Pump" in page
    assert "Order confirmed" in page


@pytest.mark.parametrize("typed", ["C001", "Calder Bearings Ltd", "calder"])
def test_the_customer_is_named_by_number_or_name(app, sign_in, sold, typed):
    assert sent(sign_in("sales"), "/orders/new", customer=typed, **NEW).status_code == 303


@pytest.mark.parametrize("typed", ["", "C999", "nobody"])
def test_nobody_is_no_customer(sign_in, sold, typed):
    answer = sent(sign_in("sales"), "/orders/new", customer=typed, **NEW)
    assert answer.status_code == 422
    assert 'value="Pump"' in answer.text


def test_a_product_brings_its_name_unit_and_price(app, sign_in, sold):
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        values = {"code": "P-1", "name": "Pump", "unit": "piece", "price": 12_500}
        add_product(values, by=by, at=clock.now())
    client = sign_in("sales")
    line = {"lines-0-name": "P-1 Pump", "lines-0-quantity": "2", "lines-0-discount": "10%"}
    sent(client, "/orders/new", customer=sold, standing="draft", ordered_on="2026-03-02", **line)
    [stored_line] = lines_of(app, stored(app)["id"])
    assert (stored_line["name"], stored_line["unit"]) == ("Pump", "piece")
    assert (stored_line["price"], stored_line["amount"]) == (12_500, 22_500)
    assert stored_line["product_id"] is not None
    offered = client.get("/orders/products?lines-0-name=pump").text
    assert 'value="P-1 Pump"' in offered
    assert 'data-price="125"' in offered


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lines-0-quantity": "x"}, "Please enter a quantity"),
        ({"lines-0-quantity": ""}, "Please fill this in"),
        ({"lines-0-price": ""}, "Please fill this in"),
        ({"lines-0-name": ""}, "Please fill this in"),
        ({"lines-0-discount": "300"}, "larger than what it is taken off"),
        ({"discount": "300"}, "larger than what it is taken off"),
        ({"number": "a b"}, "letters, digits"),
        ({"number": "SO0001"}, "is the number of another order"),
        ({"ordered_on": "2050-01-01"}, "too far ahead"),
        ({"expected_on": "2026-01-01"}, "before the day of the order"),
        ({"lines-0-name": "", "lines-0-quantity": "", "lines-0-price": ""}, "without lines"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, sign_in, sold, wrong, said):
    data = {**NEW, "customer": sold, "remark": "By the back door", **wrong}
    answer = sent(sign_in("sales"), "/orders/new", **data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "By the back door" in answer.text
    with app.app_context():
        assert len(database.session.execute(select(Order.__table__)).all()) == 1


def test_lines_are_added_and_taken_away_before_anything_is_saved(app, sign_in, sold):
    client = sign_in("sales")
    data = form_on(client, "/orders/new") | NEW | {"customer": sold}
    more = client.post("/orders/new", data={**data, "one-line-more": "1"}, headers=HTMX)
    assert more.status_code == 200
    found = form_in(more, "/orders/new")
    assert (found["lines-0-name"], found["lines-1-name"]) == ("Pump", "")
    typed = {**found, "lines-1-name": "Hose", "lines-1-quantity": "1", "lines-1-price": "5"}
    fewer = client.post("/orders/new", data={**typed, "line-away": "0"}, headers=HTMX)
    left = form_in(fewer, "/orders/new")
    assert [value for name, value in left.items() if name.endswith("-name")] == ["Hose"]
    assert client.post("/orders/new", data=left).status_code == 303
    assert [line["name"] for line in lines_of(app, stored(app)["id"])] == ["Hose"]


def test_sums_are_told_while_one_types(sign_in, sold):
    client = sign_in("sales")
    data = {**NEW, "lines-1-name": "Hose", "lines-1-quantity": "x", "discount": "10%"}
    answer = sent(client, "/orders/new/sums", **data)
    assert re.search(r'id="lines-0-name-sum"[^>]*>CN¥200<', answer.text)
    assert re.search(r'id="lines-1-name-sum"[^>]*>–<', answer.text)
    assert "CN¥180" in answer.text


def test_an_order_is_corrected(app, sign_in, sold):
    client = sign_in("sales")
    sent(client, "/orders/new", customer=sold, **NEW)
    changes = {"lines-0-quantity": "3", "remark": "By post", "number": "X-77"}
    answer = send(client, "/orders/SO0002/edit", changes)
    assert answer.headers["Location"] == "/orders/X-77"
    assert stored(app, "X-77")["total"] == 30_000
    assert "By post" in client.get("/orders/X-77").text


def test_a_delivered_order_is_corrected_but_for_its_lines(app, sign_in, sold):
    client = sign_in("sales")
    changes = {"remark": "By post", "discount": "10%"}
    answer = send(client, "/orders/SO0001/edit", changes)
    assert answer.headers["Location"] == "/orders/SO0001"
    order = stored(app, "SO0001")
    assert order["total"] == order["subtotal"] * 9 // 10 > 0
    assert [line["quantity"] for line in lines_of(app, order["id"])] == [2000, 3500]
    assert "By post" in client.get("/orders/SO0001").text
    answer = send(client, "/orders/SO0001/edit", {"discount": "99999"})
    assert answer.status_code == 422
    assert "The discount is larger than what it is taken off." in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lines-0-quantity": "5"}, "Pump · 5 · 100"),
        ({"lines-1-name": "Gloves", "lines-1-quantity": "x"}, "Pump · 2 · 100; Gloves · x"),
        ({"lines-0-name": "", "lines-0-quantity": "", "lines-0-price": ""}, "–"),
        ({"lines-0-quantity": "5", "one-line-more": "1"}, "Pump · 5 · 100"),
    ],
)
def test_lines_typed_into_an_order_that_was_delivered_meanwhile_are_said(
    app, sign_in, sold, typed, said
):
    client = sign_in("sales")
    sent(client, "/orders/new", customer=sold, **NEW)
    untouched = form_on(client, "/orders/SO0002/edit")
    sent(client, "/orders/SO0002/state", status="delivered")
    answer = client.post("/orders/SO0002/edit", data=untouched | typed | {"remark": "By post"})
    assert answer.status_code == 422
    assert f"These lines were not saved: {said}." in unescape(answer.text)
    again = form_in(answer, "/orders/SO0002/edit")
    assert again["remark"].strip() == "By post" and "lines-0-name" not in again
    again["version"] = str(stored(app)["version"])
    assert client.post("/orders/SO0002/edit", data=again).status_code == 303


def test_lines_that_nobody_typed_into_are_no_loss(app, sign_in, sold):
    client = sign_in("sales")
    sent(client, "/orders/new", customer=sold, **NEW)
    untouched = form_on(client, "/orders/SO0002/edit")
    sent(client, "/orders/SO0002/state", status="delivered")
    answer = client.post("/orders/SO0002/edit", data=untouched | {"remark": "By post"})
    assert answer.status_code == 409  # the state is another one


def test_who_is_second_to_correct_a_delivered_order_sees_both(app, sign_in, sold):
    client = sign_in("sales")
    data = form_on(client, "/orders/SO0001/edit") | {"remark": "By post"}
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        order_id = stored(app, "SO0001")["id"]
        update_order(order_id, {"remark": "By hand"}, by=by, at=clock.now())
    answer = client.post("/orders/SO0001/edit", data=data)
    assert answer.status_code == 409
    assert "By hand" in answer.text and "By post" in answer.text


def test_a_line_stays_what_it_was_when_its_product_is_called_otherwise(app, sign_in, sold):
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        values = {"code": "P-1", "name": "Pump", "price": 12_500}
        product_id = add_product(values, by=by, at=clock.now())["id"]
    client = sign_in("sales")
    sent(client, "/orders/new", customer=sold, **{**NEW, "lines-0-name": "P-1 Pump"})
    with app.app_context():
        update_product(product_id, {"name": "Super pump"}, by=by, at=clock.now())
        retire_product(product_id, by=by, at=clock.now())
    send(client, "/orders/SO0002/edit", {"lines-0-quantity": "4"})
    [line] = lines_of(app, stored(app)["id"])
    assert (line["name"], line["product_id"], line["quantity"]) == ("Pump", product_id, 4000)


def test_who_is_second_sees_both_and_may_save_over_it(app, sign_in, sold):
    client = sign_in("sales")
    sent(client, "/orders/new", customer=sold, **NEW)
    data = form_on(client, "/orders/SO0002/edit") | {"lines-0-quantity": "5"}
    with app.app_context():
        by = Actor("person", "manager", person_id("manager"))
        order_id = stored(app)["id"]
        update_order(order_id, {"expected_on": None, "remark": "x"}, by=by, at=clock.now())
    answer = client.post("/orders/SO0002/edit", data=data)
    assert answer.status_code == 409
    assert form_in(answer, "/orders/SO0002/edit")["lines-0-quantity"] == "5"
    over = client.post("/orders/SO0002/edit", data=form_in(answer, "/orders/SO0002/edit"))
    assert over.status_code == 303
    assert stored(app)["total"] == 50_000


def test_what_was_delivered_shows_its_lines_and_keeps_them(app, sign_in, sold):
    client = sign_in("sales")
    page = client.get("/orders/SO0001/edit").text
    assert "lines-0-name" not in page
    send(client, "/orders/SO0001/edit", {"remark": "Signed"})
    assert len(lines_of(app, stored(app, "SO0001")["id"])) == 2


def test_an_order_moves_on_and_refuses_what_cannot_be(app, sign_in, sold):
    client = sign_in("sales")
    assert sent(client, "/orders/SO0001/state", status="closed").status_code == 303
    assert stored(app, "SO0001")["status"] == "closed"
    sent(client, "/orders/SO0001/state", status="draft")
    assert stored(app, "SO0001")["status"] == "closed"
    assert "Open it again first" in client.get("/orders/SO0001").text
    assert sent(client, "/orders/SO0001/state", status="nowhere").status_code == 400


def test_goods_come_back_from_the_page_of_their_order(app, sign_in, sold):
    client = sign_in("sales")
    page = client.get("/orders/SO0001/returns/new").text
    [first, _second] = re.findall(r'name="(line_\d+)"', page)
    too_many = send(client, "/orders/SO0001/returns/new", {first: "3"})
    assert too_many.status_code == 422
    assert "at most 2 can go back" in too_many.text
    assert send(client, "/orders/SO0001/returns/new", {first: "1"}).status_code == 303
    page = client.get("/orders/SO0001").text
    assert "SR0001" in page
    assert stored(app, "SO0001")["refunded"] == 10_000
    sent(client, "/orders/SO0001/returns/SR0001/deletion")
    assert stored(app, "SO0001")["refunded"] == 0
    assert sent(client, "/orders/SO0001/returns/SR0001/deletion").status_code == 404


def test_a_return_stays_in_the_bin_whose_pieces_came_back_anew(app, sign_in, sold):
    client, new = sign_in("sales"), "/orders/SO0001/returns/new"
    first = re.findall(r'name="(line_\d+)"', client.get(new).text)[0]
    assert send(client, new, {first: "2"}).status_code == 303
    sent(client, "/orders/SO0001/returns/SR0001/deletion")
    assert send(client, new, {first: "1"}).status_code == 303
    assert sent(client, "/trash/order_return/1/restoration").status_code == 303
    assert "Not restored: the book would then break one of its rules." in client.get("/trash").text
    assert stored(app, "SO0001")["refunded"] == 10_000


def test_a_deleted_order_is_gone_and_comes_back_from_the_bin(app, sign_in, sold):
    client = sign_in("sales")
    assert sent(client, "/orders/SO0001/deletion").status_code == 303
    assert client.get("/orders/SO0001").status_code == 404
    assert "SO0001" in client.get("/trash?kind=order").text


def test_the_customers_page_shows_orders_totals_and_the_stream(sign_in, sold):
    client = sign_in("sales")
    tab = client.get(f"/customers/{sold}/tabs/orders").text
    assert "SO0001" in tab
    assert "CN¥211.66" in tab
    assert f"/orders/new?customer={sold}" in tab
    stream = client.get(f"/customers/{sold}/timeline?show=orders").text
    assert "Pump × 2" in stream
    assert "/orders/SO0001" in stream
