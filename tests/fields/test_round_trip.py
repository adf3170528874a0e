"""What becomes of the fields of a pack with it: off and on again nothing is lost, removed nothing is
left."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.cases.models import Case
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.fields.models import FieldRow
from crmlite.fields.pack_parts import part
from crmlite.packs.operations import disable_pack, enable_pack, purge_pack
from crmlite.packs.queries import held
from crmlite.rules.fields import Choice, Field
from crmlite.sales.models import Order
from crmlite.testing import SignIn
from crmlite.work import Refused
from crmlite.work.actors import command_line
from tests.cases.conftest import case
from tests.customers.records import form_on, press, send
from tests.fields.packs import bring, switch
from tests.fields.test_indexes import there, work
from tests.sales.conftest import sold

__all__ = ["case", "sold"]

TABLES = {
    "customer": Customer.__table__,
    "contact": Contact.__table__,
    "case": Case.__table__,
    "order": Order.__table__,
}
LEVELS = (Choice("silver", "Silver"), Choice("gold", "Gold"))


def fields_of(pack: str) -> list[Field]:
    """Fields of every sort."""
    return [
        Field(name=f"{pack}__card", label="Card", indexed=True),
        Field(name=f"{pack}__points", label="Points", kind="integer", indexed=True),
        Field(name=f"{pack}__share", label="Share", kind="number"),
        Field(name=f"{pack}__since", label="Since", kind="date"),
        Field(name=f"{pack}__seen", label="Seen", kind="moment"),
        Field(name=f"{pack}__vip", label="VIP", kind="boolean"),
        Field(name=f"{pack}__level", label="Level", kind="choice", choices=LEVELS),
        Field(name=f"{pack}__likes", label="Likes", kind="choices", choices=LEVELS),
        Field(name=f"{pack}__spent", label="Spent", kind="amount"),
        Field(name=f"{pack}__secret", label="Secret", sensitive=True),
        Field(name=f"{pack}__night", label="At night", kind="phone"),
    ]


TYPED = {
    "shop__card": "K 77",
    "shop__points": "17",
    "shop__share": "0.25",
    "shop__since": "2026-05-04",
    "shop__seen": "2026-05-04T09:02",
    "shop__vip": "1",
    "shop__level": "gold",
    "shop__likes": ["gold", "silver"],
    "shop__spent": "12.5",
    "shop__secret": "Hazelnut",
    "shop__night": "13912347788",
}


@pytest.fixture
def filled(app: Flask, sign_in: SignIn, sold: str) -> str:
    """A book in which a customer, a contact, a case and an order have a value in every field of a
    pack; answers the customer's number."""
    some = fields_of("shop")
    bring(app, "shop", customer=some, contact=some, case=some, order=some)
    client = sign_in("sales")
    assert send(client, f"/customers/{sold}/edit", TYPED).status_code == 303
    new = f"/customers/{sold}/contacts/new"
    assert send(client, new, {"name": "Tom Becker", **TYPED}).status_code == 303
    about = {"customer": sold, "kind": "complaint", "subject": "Noise", "channel": "phone"}
    new = f"/cases/new?customer={sold}"
    assert send(client, new, {**about, **TYPED}, to="/cases/new").status_code == 303
    line = {"lines-0-name": "Pump", "lines-0-quantity": "2", "lines-0-price": "100"}
    new = f"/orders/new?customer={sold}"
    assert send(client, new, {**line, **TYPED}).status_code == 303
    return sold


def values(app: Flask) -> dict[str, dict[str, Any]]:
    """All that stands in `extra`, by the records."""
    with app.app_context():
        found = {
            f"{kind} {row.id}": row.extra
            for kind, table in TABLES.items()
            for row in database.session.execute(select(table.c.id, table.c.extra))
            if row.extra
        }
        database.session.remove()
        return found


def write_all(client: Any, number: str) -> None:
    """Change each of the records otherwise, by its form."""
    for page, change in (
        (f"/customers/{number}/edit", {"region": "Leeds"}),
        (f"/customers/{number}/contacts/2/edit", {"name": "Tom Baker"}),
        ("/cases/K0001/edit", {"subject": "Louder noise"}),
        ("/orders/SO0002/edit", {"expected_on": "2030-01-02"}),
    ):
        form = form_on(client, page)
        assert not any(name.startswith("shop__") for name in form)
        assert send(client, page, change).status_code == 303


def test_nothing_is_lost_off_changed_and_on_again(app: Flask, sign_in: SignIn, filled: str):
    before = values(app)
    assert [len(one) for one in before.values()] == [len(TYPED)] * 4
    switch(app, "shop", on=False)
    write_all(sign_in("sales"), filled)
    assert values(app) == before
    some = [*fields_of("shop"), Field(name="shop__new", label="New")]
    later = {"customer": some, "contact": some, "case": some, "order": some[1:]}
    switch(app, "shop", on=True)
    bring(app, "shop", **later)
    switch(app, "shop", on=False)
    switch(app, "shop", on=True)
    assert values(app) == before
    client = sign_in("sales")
    form = form_on(client, f"/customers/{filled}/edit")
    assert {name: form[name] for name in TYPED if name != "shop__likes"} == {
        name: value for name, value in TYPED.items() if name != "shop__likes"
    }
    order = client.get("/orders/SO0002").text
    assert "No longer recorded" in order and "K 77" in order  # the version has it no more


def test_what_a_pack_left_is_counted_kept_and_removed(app: Flask, sign_in: SignIn, filled: str):
    work(app)
    switch(app, "shop", on=False)
    with app.app_context():
        assert dict(held("shop")) == {
            "Fields": 44,
            "Customers with values of it": 1,
            "Contacts with values of it": 1,
            "Cases with values of it": 1,
            "Orders with values of it": 1,
        }
        database.session.remove()
    file = press(sign_in("manager"), "/packs/shop/left.json").json
    records = [one for one in file if "values" in one]
    assert [one["record"] for one in records] == ["customer", "contact", "case", "order"]
    for one in records:
        assert len(one["values"]) == len(TYPED) and one["values"]["shop__secret"] == "Hazelnut"
    assert {"Level", "Silver"} <= {*_texts(file)}
    with app.app_context():
        assert purge_pack("shop", by=command_line(), at=clock.now())["fields"] == 4 * len(TYPED)
        database.session.remove()
    assert values(app) == {}
    work(app)
    with app.app_context():
        assert database.session.execute(select(FieldRow.__table__)).all() == []
        assert there() == set()
        database.session.remove()
    switch(app, "shop", on=True)
    form = form_on(sign_in("sales"), f"/customers/{filled}/edit")
    assert form["shop__card"] == form["shop__secret"] == ""


def test_the_file_tells_of_orders_and_cases_to_who_may_see_them(
    app: Flask, filled: str, monkeypatch: pytest.MonkeyPatch
):
    switch(app, "shop", on=False)
    kept, unseen = part().kept, {"orders:see", "cases:see"}
    assert kept is not None
    with app.app_context():
        whole = everything()
        seen = {right: reach for right, reach in whole.grants.items() if right not in unseen}
        reader = replace(whole, grants=seen)
        monkeypatch.setattr("crmlite.fields.pack_parts.whoever_asks", lambda: reader)
        told = {one["record"]: [*one][1:] for one in kept("shop") if "record" in one}
        database.session.remove()
    assert told["case"] == told["order"] == ["left_out"]
    assert "values" in told["customer"] and "values" in told["contact"]


def _texts(thing: Any) -> list[str]:
    match thing:
        case str():
            return [thing]
        case dict():
            return [text for one in thing.values() for text in _texts(one)]
        case list():
            return [text for one in thing for text in _texts(one)]
    return []


def test_the_change_record_shows_nothing_of_what_was_removed(
    app: Flask, sign_in: SignIn, filled: str
):
    switch(app, "shop", on=False)
    with app.app_context():
        purge_pack("shop", by=command_line(), at=clock.now())
        database.session.remove()
    for who in ("manager", "support"):
        page = sign_in(who).get(f"/customers/{filled}/changes").text
        assert "••••" in page
        shown = [word for word in ("Hazelnut", "12.50", "1250", "13912347788") if word in page]
        assert shown == []


def test_the_file_leaves_out_what_its_reader_may_not_see(inside: Flask, filled: str):
    with inside.test_request_context():
        g.reader = replace(everything(), grants={"customers:see": "all"})
        lines = list(part().kept("shop"))
        told = json.dumps(lines)
        assert "Hazelnut" not in told and "13912347788" not in told and "1250" not in told
        records = [one for one in lines if "values" in one]
        assert all(
            len(one["left_out"]) == 3 and "K 77" in one["values"].values() for one in records
        )
        g.reader = replace(everything(), grants={})
        left = [one for one in part().kept("shop") if "field" not in one]
        assert left == [
            {"record": kind, "left_out": 1} for kind in ("customer", "contact", "case", "order")
        ]


def test_indexes_go_and_come_with_the_pack(inside: Flask):
    bring(inside, "shop", customer=fields_of("shop"))
    work(inside)
    made = there()
    assert len(made) >= 2
    switch(inside, "shop", on=False)
    work(inside)
    assert there() == set()
    switch(inside, "shop", on=True)
    work(inside)
    assert there() == made


def test_more_quick_fields_than_may_be_are_refused_in_words(inside: Flask):
    def many(pack: str, number: int) -> list[Field]:
        return [
            Field(name=f"{pack}__n{place}", label=f"N{place}", kind="integer", indexed=True)
            for place in range(number)
        ]

    bring(inside, "shop", customer=many("shop", 5), case=many("shop", 8))
    with pytest.raises(Refused) as refused:
        bring(inside, "bakery", customer=many("bakery", 4))
    fault = refused.value.params["fault"]
    assert "Customers: at most 8 fields" in fault and "there would be 9" in fault
    assert "N0, N1, N2, N3, N4" in fault
    database.session.rollback()
    with inside.app_context():
        assert enable_pack("shop", by=command_line(), at=clock.now()) == 0  # as it was
        assert disable_pack("shop", by=command_line(), at=clock.now())
        assert enable_pack("bakery", by=command_line(), at=clock.now())
