"""The change record on a customer's page, and its buttons."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.operations import set_grants
from crmlite.accounts.queries import role_by_key
from crmlite.extensions import database
from crmlite.fields.drafts import FieldDraft
from crmlite.fields.operations import add_field
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.history.conftest import CANARY, OLD_CANARY, Past

Send = Callable[..., Any]


@pytest.fixture
def changed(app: Flask, past: Past) -> Past:
    """A customer whose region, mobile and amount were changed."""
    with app.app_context():
        past.change(region="Leeds")
        past.change(region="York")
        past.change_contact(mobile=CANARY)
        past.change(login="manager", annual_amount=777_000_00)
    return past


def change_of(app: Flask, field: str) -> int:
    with app.app_context():
        table = ChangeRow.__table__
        rows = database.session.execute(select(table).order_by(table.c.id.desc()))
        return next(int(row.id) for row in rows if field in row.diff)


def value(app: Flask, past: Past, column: str) -> Any:
    with app.app_context():
        return past.value(column)


def page_of(past: Past) -> str:
    return f"/customers/{past.number}/changes"


def restoration(change_id: int) -> str:
    return f"/history/{change_id}/restoration"


def test_the_page_tells_every_change(sign_in: SignIn, changed: Past) -> None:
    page = sign_in("sales").get(page_of(changed)).text
    for words in ("Leeds", "York", CANARY, OLD_CANARY, "林知夏", "Grace Shen", "CN¥777,000"):
        assert words in page


def test_who_may_not_see_a_value_finds_it_nowhere(sign_in: SignIn, changed: Past) -> None:
    client, part = sign_in("support"), {"HX-Request": "true"}
    address = page_of(changed)
    for query in ("", f"?q={CANARY}", "?q=mobile", f"?q={CANARY[3:9]}", "?q=777"):
        page = client.get(address + query, headers=part).text.replace(f'value="{CANARY}"', "")
        for secret in (CANARY, OLD_CANARY, "777,000", "77700000"):
            assert secret not in page
    assert CANARY not in client.get(address).text
    assert "138****5678" in client.get(f"{address}?q=mobile").text


def test_out_of_sight_is_not_there(sign_in: SignIn, changed: Past) -> None:
    assert sign_in("sales2").get(page_of(changed)).status_code == 404


def test_a_search_answers_htmx_with_the_part_alone(sign_in: SignIn, changed: Past) -> None:
    headers = {"HX-Request": "true"}
    part = sign_in("sales").get(f"{page_of(changed)}?q=region", headers=headers)
    assert part.text.lstrip().startswith('<section id="changes"')
    assert "Leeds" in part.text
    assert CANARY not in part.text


def test_a_value_is_put_back_and_that_can_be_undone(
    app: Flask, sign_in: SignIn, send: Send, changed: Past
) -> None:
    client, back = sign_in("sales"), f"{page_of(changed)}?q=region"
    response = send(client, restoration(change_of(app, "region")), back=back, field="region")
    assert (response.status_code, response.headers["Location"]) == (303, back)
    assert value(app, changed, "region") == "Leeds"
    page = client.get(back).text
    assert "Restored." in page
    with app.app_context():
        table = OperationRow.__table__
        named = select(table.c.id).where(table.c.name == "value_restored")
        done = database.session.execute(named).scalar_one()
    assert f"/operations/{done}/undo" in page
    send(client, f"/operations/{done}/undo")
    assert value(app, changed, "region") == "York"


def test_htmx_gets_the_renewed_record_with_its_search(
    app: Flask, sign_in: SignIn, send: Send, changed: Past
) -> None:
    back = f"{page_of(changed)}?q=region"
    response = send(
        sign_in("sales"),
        restoration(change_of(app, "region")),
        back=back,
        htmx=True,
        field="region",
    )
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section id="changes"')
    assert f'action="{page_of(changed)}"' in response.text
    assert 'value="region"' in response.text
    assert {"toast", "customer-changed"} <= json.loads(response.headers["HX-Trigger"]).keys()
    assert response.text.count("York") >= 2


@pytest.mark.parametrize(
    ("login", "field", "status"),
    [
        ("sales2", "region", 404),
        ("support", "region", 403),
        ("sales", "no_such_field", 404),
        ("sales", "", 404),
        ("sales", "name\x00", 404),
    ],
)
def test_who_may_not_restore_changes_nothing(
    app: Flask,
    sign_in: SignIn,
    send: Send,
    changed: Past,
    login: str,
    field: str,
    status: int,
) -> None:
    change_id = change_of(app, "region")
    response = send(sign_in(login), restoration(change_id), field=field)
    assert response.status_code == status
    assert value(app, changed, "region") == "York"


def test_a_column_with_a_right_of_its_own_asks_for_it(
    app: Flask, sign_in: SignIn, send: Send, changed: Past
) -> None:
    with app.app_context():
        changed.change(login="manager", owner_id=person_id("sales2"))
        changed.change(login="manager", owner_id=person_id("sales"))
    change_id = change_of(app, "owner_id")
    assert send(sign_in("sales"), restoration(change_id), field="owner_id").status_code == 403
    assert send(sign_in("manager"), restoration(change_id), field="owner_id").status_code == 303
    with app.app_context():
        assert changed.value("owner_id") == person_id("sales2")


@pytest.fixture
def furthered(app: Flask, past: Past) -> Past:
    """A customer whose further fields were changed, one of them sensitive."""
    with app.app_context():
        for label, sensitive in (("Colour", False), ("Allergy", True)):
            said = FieldDraft(label={"en": label})
            add_field(
                "customer", "text", said, sensitive=sensitive, by=command_line(), at=clock.now()
            )
        past.change(extra={"custom__colour": "red", "custom__allergy": "Walnut"})
        past.change(extra={"custom__colour": "blue", "custom__allergy": "Hazelnut"})
    return past


def test_a_further_field_is_restored_by_the_button_that_stands_there(
    app: Flask, sign_in: SignIn, send: Send, furthered: Past
) -> None:
    change_id, seller = change_of(app, "extra"), sign_in("sales")
    page = seller.get(page_of(furthered)).text
    for name in ("extra.custom__colour", "extra.custom__allergy"):
        assert f'value="{name}"' in page
        assert send(seller, restoration(change_id), field=name).status_code == 303
    page = seller.get(f"/customers/{furthered.number}").text
    assert "red" in page and "Walnut" in page and "Hazelnut" not in page


def test_who_may_not_restore_a_further_field_changes_nothing(
    app: Flask, sign_in: SignIn, send: Send, furthered: Past
) -> None:
    with app.app_context():
        sales = role_by_key("sales")
        assert sales is not None
        set_grants({sales.id: {"customers:unmask": ""}}, by=command_line(), at=clock.now())
    before = value(app, furthered, "extra")
    for login, field, status in (
        ("sales2", "extra.custom__colour", 404),
        ("support", "extra.custom__colour", 403),
        ("sales", "extra.custom__allergy", 403),
        ("sales", "extra.custom__size", 404),
        ("sales", "extra", 404),
    ):
        answer = send(sign_in(login), restoration(change_of(app, "extra")), field=field)
        assert (login, field, answer.status_code) == (login, field, status)
    assert value(app, furthered, "extra") == before


def test_a_currency_is_restored_by_those_who_may_see_amounts(
    app: Flask, sign_in: SignIn, send: Send, changed: Past
) -> None:
    with app.app_context():
        changed.change(currency="EUR")
        sales = role_by_key("sales")
        assert sales is not None
        set_grants({sales.id: {"customers:amounts": ""}}, by=command_line(), at=clock.now())
    change_id = change_of(app, "currency")
    assert send(sign_in("sales"), restoration(change_id), field="currency").status_code == 403
    assert send(sign_in("manager"), restoration(change_id), field="currency").status_code == 303


def test_nothing_is_restored_of_what_is_in_the_bin(
    app: Flask, sign_in: SignIn, send: Send, changed: Past
) -> None:
    change_id = change_of(app, "region")
    with app.app_context():
        changed.delete()
    response = send(sign_in("manager"), restoration(change_id), field="region")
    assert response.status_code == 404
    assert value(app, changed, "region") == "York"


def test_nothing_is_restored_of_a_contact_in_the_bin(
    app: Flask, sign_in: SignIn, send: Send, changed: Past
) -> None:
    change_id = change_of(app, "mobile")
    with app.app_context():
        changed.delete_contact(changed.contact_id)
        before = changed.contact_value("mobile")
    client = sign_in("manager")
    page = client.get(page_of(changed)).text
    assert f'action="{restoration(change_id)}"' not in page
    assert send(client, restoration(change_id), field="mobile").status_code == 403
    with app.app_context():
        assert changed.contact_value("mobile") == before


def test_a_change_that_is_not_there_is_not_there(sign_in: SignIn, send: Send) -> None:
    client = sign_in("manager")
    for number in ("999999", "2147483648", "99999999999999999999", "0", "x"):
        assert send(client, f"/history/{number}/restoration", field="name").status_code == 404
