"""Further fields of contacts, cases and orders: typed in, shown, kept, in the change record, exported."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.customers.operations import update_customer
from crmlite.extensions import database
from crmlite.rules.conditions import ALWAYS
from crmlite.rules.fields import Choice, Field
from crmlite.sales.models import Order
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.cases.conftest import case, stored
from tests.customers.records import add, form_on, send
from tests.exports.books import cells, exported, read_back
from tests.fields.packs import bring, switch
from tests.sales.conftest import sold

__all__ = ["case", "sold"]

STAGES = (Choice("d1", {"en": "D1", "zh": "D1"}), Choice("d8", {"en": "D8", "zh": "D8"}))
GOODS = {"en": "Goods", "zh": "货品"}


def fields_of(pack: str) -> list[Field]:
    """A field of each sort."""
    return [
        Field(name=f"{pack}__batch", label={"en": "Batch", "zh": "批次号"}, group=GOODS,
              required_when=ALWAYS, hint="On the label"),
        Field(name=f"{pack}__pieces", label="Bad pieces", kind="integer", group=GOODS),
        Field(name=f"{pack}__stops", label="Line stands still", kind="boolean"),
        Field(name=f"{pack}__step", label="Step", kind="choice", choices=STAGES),
        Field(name=f"{pack}__secret", label="Secret", sensitive=True),
        Field(name=f"{pack}__cost", label="Cost", kind="amount"),
    ]  # fmt: skip


TYPED = {
    "works__batch": "B-77",
    "works__pieces": "-3",
    "works__stops": "1",
    "works__step": "d8",
    "works__secret": "Hazelnut",
    "works__cost": "12.5",
}
SHOWN = ("B-77", "-3", "D8", "Hazelnut", "12.50", "Goods", "Batch")


def plain(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept, but for what is sealed."""
    return {name.partition("__")[2]: value for name, value in extra.items() if "secret" not in name}


KEPT = {"batch": "B-77", "pieces": -3, "stops": True, "step": "d8", "cost": 1250}


@pytest.fixture
def works(app: Flask) -> Flask:
    """A pack with fields of everything but customers."""
    some = fields_of("works")
    bring(app, "works", contact=some, case=some, order=some)
    return app


def test_contacts(works: Flask, sign_in: SignIn):
    number = add(works, "sales")
    client = sign_in("sales")
    [new, edit] = [f"/customers/{number}/contacts/new", f"/customers/{number}/contacts/2/edit"]
    page = client.get(new).text
    assert "On the label" in page and "Goods" in page
    assert send(client, new, {"name": "Tom Becker", **TYPED}).status_code == 303
    page = client.get(f"/customers/{number}/contacts").text
    assert [word for word in SHOWN if word not in page] == ["Goods"]  # a card has no headings
    form = form_on(client, edit)
    assert {name: form[name] for name in TYPED} == TYPED
    assert send(client, edit, {"works__pieces": "4"}).status_code == 303
    assert "Hazelnut" in client.get(f"/customers/{number}/contacts").text
    page = client.get(f"/customers/{number}/changes").text
    assert "Bad pieces" in page and "-3" in page and "Hazelnut" in page
    masked = sign_in("support").get(f"/customers/{number}/contacts").text
    assert "B-77" in masked and "Hazelnut" not in masked and "12.50" not in masked
    masked = sign_in("support").get(f"/customers/{number}/changes").text
    assert "B-77" in masked and "Hazelnut" not in masked and "12.50" not in masked


def test_the_first_contact_goes_into_files_and_comes_back(works: Flask, tmp_path):
    extra = {"works__batch": "B-77", "works__step": "d8", "works__secret": "Hazelnut"}
    add(works, "sales", contacts=[{"name": "Ada", "mobile": "13912340000", "extra": extra}])
    with works.app_context():
        file = exported("all", "csv", "en")
        [row] = cells(file)
        assert (row["Batch"], row["Step"], row["Secret"]) == ("B-77", "D8", "Hazelnut")
        [told] = read_back(file, tmp_path / "scratch")
        assert told.contact["extra"] == extra
        archive = exported("all", "json", "en").decode()
        assert '"works__batch"' in archive and "Hazelnut" in archive


def test_cases_are_opened_and_corrected_with_them(works: Flask, sign_in: SignIn):
    number = add(works, "sales")
    client = sign_in("support")
    new = f"/cases/new?customer={number}"
    page = client.get(new).text
    assert "Goods" in page and "On the label" in page
    given = {"customer": number, "kind": "complaint", "subject": "Noise", "channel": "phone"}
    typed = {name: value for name, value in TYPED.items() if name != "works__cost"}
    assert "works__cost" not in page  # support sees no amounts
    answer = send(client, new, {**given, **typed}, to="/cases/new")
    assert answer.status_code == 303, answer.text
    extra = stored(works)["extra"]
    assert plain(extra) == {name: value for name, value in KEPT.items() if name != "cost"}
    assert "Hazelnut" not in str(extra)
    page = client.get("/cases/K0001").text
    assert "B-77" in page and "Goods" in page and "Hazelnut" not in page and "••••" in page
    seen = sign_in("sales").get("/cases/K0001").text
    assert "Hazelnut" in seen
    form = form_on(client, "/cases/K0001/edit")
    assert form["works__secret"] == ""  # masked: an empty field leaves it
    send(client, "/cases/K0001/edit", {"works__pieces": "9"})
    extra = stored(works)["extra"]
    assert extra["works__pieces"] == 9 and "works__secret" in extra
    send(client, "/cases/K0001/edit", {"works__secret": "Walnut"})
    assert "Walnut" in sign_in("sales").get("/cases/K0001").text
    page = sign_in("sales").get(f"/customers/{number}/changes").text
    assert "Bad pieces" in page and "Walnut" in page


def test_orders_are_written_down_and_corrected_with_them(works: Flask, sign_in: SignIn, sold: str):
    client = sign_in("sales")
    line = {"lines-0-name": "Pump", "lines-0-quantity": "2", "lines-0-price": "100"}
    new = f"/orders/new?customer={sold}"
    answer = send(client, new, {**line, **TYPED})
    assert answer.status_code == 303, answer.text
    page = client.get("/orders/SO0002").text
    assert [word for word in SHOWN if word not in page] == []
    form = form_on(client, "/orders/SO0002/edit")
    assert {name: form[name] for name in TYPED} == TYPED
    assert send(client, "/orders/SO0002/edit", {"works__step": "d1"}).status_code == 303
    with works.app_context():
        table = Order.__table__
        wanted = select(table.c.extra).where(table.c.number == "SO0002")
        assert plain(database.session.execute(wanted).scalar_one()) == {**KEPT, "step": "d1"}
    assert "Step" in client.get(f"/customers/{sold}/changes").text


def test_nothing_is_lost_when_the_pack_is_off(works: Flask, sign_in: SignIn, sold: str):
    client = sign_in("sales")
    line = {"lines-0-name": "Pump", "lines-0-quantity": "2", "lines-0-price": "100"}
    send(client, f"/orders/new?customer={sold}", {**line, **TYPED})
    given = {"customer": sold, "kind": "complaint", "subject": "Noise", "channel": "phone"}
    send(client, f"/cases/new?customer={sold}", {**given, **TYPED}, to="/cases/new")
    send(client, f"/customers/{sold}/contacts/new", {"name": "Tom Becker", **TYPED})
    pages = ("/orders/SO0002", "/cases/K0001", f"/customers/{sold}/contacts")
    switch(works, "works", on=False)
    for page in pages:
        text = client.get(page).text
        assert "No longer recorded" in text and "B-77" in text and "Hazelnut" in text
    for page, change in (
        ("/orders/SO0002/edit", {"expected_on": "2030-01-02", **line}),
        ("/cases/K0001/edit", {"subject": "Louder noise"}),
    ):
        assert "works__batch" not in client.get(page).text
        assert send(client, page, change).status_code == 303
    switch(works, "works", on=True)
    for page in pages:
        text = client.get(page).text
        assert "No longer recorded" not in text and "B-77" in text and "Hazelnut" in text


def test_a_moment_that_nobody_touched_keeps_its_seconds(app: Flask, sign_in: SignIn):
    bring(app, "works", customer=[Field(name="works__seen", label="Seen", kind="moment")])
    edit = f"/customers/{add(app, 'sales')}/edit"
    table, at = Customer.__table__, "2026-05-04T01:02:33.000000Z"
    with app.app_context():
        customer_id = database.session.execute(select(table.c.id)).scalar_one()
        change = {"extra": {"works__seen": at}}
        update_customer(customer_id, change, by=command_line(), at=clock.now())
        database.session.remove()
    client = sign_in("sales")
    for typed, kept in (
        ({"region": "York"}, at),
        ({"works__seen": "2026-05-04T10:00"}, "2026-05-04T02:00:00.000000Z"),
    ):
        assert send(client, edit, typed).status_code == 303
        with app.app_context():
            extra = database.session.execute(select(table.c.extra)).scalar_one()
            database.session.remove()
        assert extra == {"works__seen": kept}
