"""The list of a kind of records, and customers by what they have of one."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers import operations as do
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import asking, condition
from crmlite.customers.models import Customer
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.queries import dimension_id, tags_of
from crmlite.customers.tags.rules import ALL, are_due
from crmlite.extensions import database
from crmlite.objects.operations import delete_object
from crmlite.rules.conditions import All, Node, Not, from_text, where
from crmlite.testing import SignIn
from crmlite.work.actors import command_line, job
from tests.customers.operating import done, without_computed_tags
from tests.customers.records import add
from tests.exports.books import cells
from tests.objects.trade import added, bring, switch

DAYS = {"A": (), "B": ("2026-03-01",), "C": ("2026-03-05", "2026-05-05", None)}
NAMES = {"A": "Alpha Ltd", "B": "Bravo Ltd", "C": "Charlie Ltd", "D": "Delta Ltd"}
CUSTOMERS = Customer.__table__


@pytest.fixture
def trade(app: Flask) -> Flask:
    """Customers A, B and C of sales with none, one and three coupons, and D of sales2 with one."""
    bring(app)
    for name in "ABC":
        add(app, "sales", name=NAMES[name])
    add(app, "sales2", name=NAMES["D"])
    with app.app_context():
        for name, days in [*DAYS.items(), ("D", ("2026-07-01",))]:
            for place, day in enumerate(days):
                given = {"state": "used" if place else "open", "worth": 100 * place}
                added("coupon", of(name), code=f"{name}{place}", given_on=day, **given)
        gone = added("coupon", of("A"), code="GONE", given_on="2026-01-01")["id"]
        database.session.execute(text(f"UPDATE object SET state = 'deleted' WHERE id = {gone}"))
        database.session.commit()
        database.session.remove()
    return app


def of(name: str) -> int:
    """The id of a customer."""
    wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.name == NAMES[name])
    return int(database.session.execute(wanted).scalar_one())


def codes(client: FlaskClient, query: str) -> str:
    """The coupons that a list shows, in its order."""
    page = client.get(f"/records/trade__coupon?{query}")
    assert page.status_code == 200
    return " ".join(re.findall(r'class="name" href="/records/\d+">([A-Z]\d)<', page.text))


def test_what_the_list_is_asked_for(trade: Flask, sign_in: SignIn):
    client, manager = sign_in("sales"), sign_in("manager")
    assert codes(client, "") == "C1 C0 B0 C2"
    assert codes(manager, "") == "D0 C1 C0 B0 C2"
    assert codes(manager, "view=mine") == ""
    assert codes(manager, "owner=sales") == "C1 C0 B0 C2"
    assert codes(client, "trade__coupon_state=open") == "C0 B0"
    assert codes(client, "trade__coupon_state=nonsense") == "C1 C0 B0 C2"
    assert codes(client, "since=2026-03-02&until=2026-05-05") == "C1 C0"
    assert codes(client, "q=B0") == "B0"
    assert codes(client, "q=Bravo") == "B0"
    assert codes(client, "sort=trade__coupon_code") == "B0 C0 C1 C2"
    assert codes(client, "sort=-trade__coupon_worth") == "C2 C1 C0 B0"
    assert codes(client, "sort=-trade__coupon_state") == "C2 C1 C0 B0"
    assert codes(client, "sort=customer") == "B0 C0 C1 C2"
    assert codes(client, "sort=trade__coupon_pin") == "C1 C0 B0 C2"  # it is sealed: no order of it
    assert client.get("/records/trade__coupon?after=nonsense").status_code == 404
    assert client.get("/records/trade__bun").status_code == 404
    page = client.get("/records/trade__coupon?trade__coupon_state=used&period=last-year").text
    assert "Nothing fits" in page and "last year" in page


def test_pages_of_the_list(trade: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    client = sign_in("sales")
    monkeypatch.setattr("crmlite.objects.lists.page_of.__defaults__", ("", 2))
    seen, url = [], "/records/trade__coupon?sort=trade__coupon_code"
    while url:
        page = client.get(url).text
        seen += re.findall(r'class="name" href="/records/\d+">([A-Z]\d)<', page)
        found = re.findall(r'href="([^"]*after=[^"]*)" rel="next"', page)
        url = found[0].replace("&amp;", "&") if found else ""
    assert seen == ["B0", "C0", "C1", "C2"]


def customers(app: Flask, *tests: str, negated: bool = False) -> str:
    """The customers for whom these tests hold."""
    with app.app_context():
        fields = whole_catalogue()
        tree: Node = from_text(list(tests), fields)
        today = clock.today(asking(everything(), clock.now().date()).zone)
        holds = condition(Not(tree) if negated else tree, fields, asking(everything(), today))
        wanted = select(CUSTOMERS.c.name).where(holds).order_by(CUSTOMERS.c.name)
        found = database.session.execute(wanted).scalars().all()
        database.session.remove()
    return "".join(name[0] for name in found)


ASKED = {  # of whom it holds
    "count~at_least~1": "BCD",
    "count~at_least~2": "C",
    "count~is~0": "A",
    "count~is~0,3": "AC",
    "count~is_not~1": "AC",
    "count~below~3": "ABD",
    "count~between~0,1": "ABD",
    "count~between~2,9": "C",
    "count~empty": "",
    "count~filled": "ABCD",
    "latest~since~2026-05-05": "CD",
    "latest~before~2026-05-05": "B",
    "latest~on~2026-05-05": "C",
    "latest~empty": "A",
    "latest~filled": "BCD",
}


def test_customers_are_asked_about_them(trade: Flask):
    asked = {test: f"trade__coupon_{test}" for test in ASKED}
    assert {test: customers(trade, asked[test]) for test in ASKED} == ASKED
    others = {test: "".join(sorted(set("ABCD") - set(some))) for test, some in ASKED.items()}
    assert {test: customers(trade, asked[test], negated=True) for test in ASKED} == others


def names(client: FlaskClient, query: str) -> str:
    """The customers of a list, in its order."""
    page = client.get(f"/customers?{query}")
    assert page.status_code == 200
    return "".join(re.findall(r"([A-D])\w+ Ltd</a>", page.text))


def test_the_list_of_customers_shows_sorts_and_exports_it(trade: Flask, sign_in: SignIn):
    client = sign_in("sales")
    shown = "columns=name,trade__coupon_count,trade__coupon_latest"
    page = client.get(f"/customers?{shown}").text
    assert "Coupons: number" in page and "Coupons: latest day" in page
    assert names(client, f"{shown}&sort=-trade__coupon_count") == "CBA"
    assert names(client, f"{shown}&sort=trade__coupon_latest") == "BCA"
    assert names(client, "w=trade__coupon_count~at_least~1") == "BC"
    assert "Coupons: number" in client.get("/customers?w=trade__coupon_count~at_least~1").text
    form = {"list": shown, "layout": "list", "format": "csv"}
    token = re.findall(r'name="csrf_token" value="([^"]*)"', client.get("/customers/export").text)
    answer = client.post("/customers/export", data={**form, "csrf_token": token[0]})
    rows = [list(row.items()) for row in cells(answer.data)]
    heads = ("Coupons: number", "Coupons: latest day")
    figures = [("0", ""), ("1", "2026-03-01"), ("3", "2026-05-05")]
    assert [row[1:] for row in rows] == [list(zip(heads, some, strict=True)) for some in figures]
    switch(trade, "trade", on=False)
    page = client.get("/customers?w=trade__coupon_count~at_least~1").text
    assert page.count(" Ltd</a>") == 3  # it is asked no more, and that is said
    assert "Coupons" not in names(client, shown)
    switch(trade, "trade", on=True)
    assert names(client, "w=trade__coupon_count~at_least~1") == "BC"


def test_a_tag_goes_by_how_many_there_are(trade: Flask):
    with trade.app_context():
        without_computed_tags()
        tag = int(done(do.create_tag, dimension_id("free"), "loyal", {"en": "Loyal", "zh": "常客"}))
        done(do.set_rule, tag, All((where("trade__coupon_count", "at_least", 2),)))
        follow_rules(by=job(ALL), at=clock.now())
        assert tags_of([of("B"), of("C")]) == {of("B"): [], of("C"): [tag]}
        database.session.execute(text("UPDATE customer_facts SET rules_due = false"))
        database.session.commit()
        second = added("coupon", of("B"), code="B1")["id"]
        assert are_due()
        follow_rules(by=job(ALL), at=clock.now())
        assert tags_of([of("B")]) == {of("B"): [tag]}
        delete_object(second, by=command_line(), at=clock.now())
        follow_rules(by=job(ALL), at=clock.now())
        assert tags_of([of("B")]) == {of("B"): []}
        database.session.remove()
    switch(trade, "trade", on=False)
    with trade.app_context():  # what it asks is asked no more: the tag stays where it is
        follow_rules(by=job(ALL), at=clock.now())
        assert tags_of([of("C")]) == {of("C"): [tag]}
