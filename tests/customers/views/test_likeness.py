"""Contacts whom another customer is reached by already."""

import pytest
from flask import Flask

from crmlite.testing import SignIn
from tests.customers.records import EMAIL, HTMX, MOBILE, add, form_in, form_on, send

TOM = {"name": "Tom Becker"}


@pytest.mark.parametrize("way", [{"mobile": MOBILE}, {"phone": f"+86 {MOBILE}"}, {"email": EMAIL}])
def test_a_way_that_another_customer_has_holds_a_contact_back_once(
    app: Flask, sign_in: SignIn, way: dict[str, str]
) -> None:
    other = add(app, "sales", name="Calder Looms Ltd")
    number = add(app, "sales", contacts=())
    client, page = sign_in("sales"), f"/customers/{number}/contacts/new"
    data = form_on(client, page) | TOM | way
    told = client.post(f"/customers/{number}/contacts/likeness", data=data, headers=HTMX).text
    asked = client.post(page, data=data, headers=HTMX)
    assert asked.status_code == 422
    for text in (told, asked.text):
        assert "Calder Looms Ltd" in text and f"/customers/{other}" in text
        assert "Same phone number" in text or "Same e-mail address" in text
        assert "ame name" not in text
    assert "Save anyway" in asked.text and 'value="Tom Becker"' in asked.text
    assert client.post(page, data=form_in(asked, page)).status_code == 303


def test_a_colleagues_customer_is_not_named_beside_a_contact(app: Flask, sign_in: SignIn) -> None:
    other = add(app, "sales2", name="Calder Looms Ltd")
    client, number = sign_in("sales"), add(app, "sales", contacts=())
    page = f"/customers/{number}/contacts/new"
    data = form_on(client, page) | TOM | {"mobile": MOBILE}
    told = client.post(f"/customers/{number}/contacts/likeness", data=data, headers=HTMX).text
    asked = client.post(page, data=data, headers=HTMX)
    assert asked.status_code == 422
    for text in (told, asked.text):
        assert "Oliver Hartwell" in text
        for secret in ("Calder", "Harlow", EMAIL, f"/customers/{other}"):
            assert secret not in text


def test_a_colleagues_customer_is_told_beside_however_many_of_ones_own(
    app: Flask, sign_in: SignIn
) -> None:
    add(app, "sales2", name="Calder Looms Ltd")
    own = [f"Alder Tools {place}" for place in ("Leeds", "York", "Hull", "Bath", "Deal")]
    for name in own:
        add(app, "sales", name=name)
    client, number = sign_in("sales"), add(app, "sales", contacts=())
    page = f"/customers/{number}/contacts/new"
    data = form_on(client, page) | TOM | {"mobile": MOBILE}
    told = client.post(f"/customers/{number}/contacts/likeness", data=data, headers=HTMX).text
    assert "Oliver Hartwell" in told
    assert sum(name in told for name in own) == 4


def test_what_stood_there_and_what_is_ones_own_is_no_news(app: Flask, sign_in: SignIn) -> None:
    add(app, "sales", name="Calder Looms Ltd")
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/contacts/new"
    again = send(client, page, TOM | {"email": "t.becker@calder.example", "mobile": "13700001111"})
    assert again.status_code == 303
    for contact in (1, 2, 3):
        edit = f"/customers/{number}/contacts/{contact}/edit"
        if client.get(edit).status_code == 200:
            assert send(client, edit, {"title": "Buyer"}).status_code == 303
    same = send(client, page, {"name": "Tim", "mobile": "13700001111"})
    assert same.status_code == 303, "two contacts of one customer may share a phone"


def test_who_sees_phones_masked_gets_none_whole(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales2", name="Calder Looms Ltd")
    client = sign_in("support")
    data = form_on(client, "/customers/new") | {"name": "Calder Looms"}
    told = client.post("/customers/new/likeness", data=data, headers=HTMX).text
    assert "Calder Looms Ltd" in told and number in told
    assert MOBILE not in told and EMAIL not in told
