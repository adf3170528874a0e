"""The pages of the ledger and of the log of viewings."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.accounts.operations import set_grants, set_password
from crmlite.accounts.queries import role_by_key
from crmlite.extensions import database
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow
from tests.history.conftest import AT, CANARY, OLD_CANARY, Past, make_past

Send = Callable[..., Any]


def test_the_ledger_tells_who_did_what(app: Flask, sign_in: SignIn, past: Past) -> None:
    with app.app_context():
        past.change_contact(mobile=CANARY)
    page = sign_in("manager").get("/settings/ledger").text
    for words in ("Contact changed", "Riverton New Energy Ltd", "林知夏", "form"):
        assert words in page


@pytest.mark.parametrize(
    "query",
    [
        "who=999999&what=customer_updated&since=2026-01-01&until=2026-12-31",
        "who=x&what=%00&since=yesterday&until=31.12.2026",
        "who=99999999999999999999&since=0001-01-01&until=9999-12-31",
        "who=-1&since=2026-02-30&what=" + "x" * 500,
        "who=%F0%9D%9F%98",
    ],
)
def test_whatever_the_filter_says_there_is_a_page(sign_in: SignIn, query: str) -> None:
    client = sign_in("manager")
    for address in ("/settings/ledger", "/settings/viewings"):
        assert client.get(f"{address}?{query}").status_code == 200
        assert client.get(f"{address}?from=rubbish").status_code == 400


def test_an_entry_shows_its_changes_and_can_be_undone(
    app: Flask, sign_in: SignIn, send: Send, past: Past
) -> None:
    with app.app_context():
        done = past.change(region="Leeds")
    client, address = sign_in("manager"), f"/settings/ledger/{done}"
    page = client.get(address).text
    assert "Leeds" in page
    assert f"/operations/{done}/undo" in page
    assert send(client, f"/operations/{done}/undo", back=address).headers["Location"] == address
    page = client.get(address).text
    assert f'action="/operations/{done}/undo"' not in page
    with app.app_context():
        assert past.value("region") is None


def test_where_nothing_can_be_put_back_no_undo_is_offered(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        set_password(person_id("support"), "x", by=command_line(), at=AT)
        table = OperationRow.__table__
        wanted = select(table.c.id).where(table.c.name == "password_set")
        done = database.session.execute(wanted).scalar_one()
    page = sign_in("manager").get(f"/settings/ledger/{done}").text
    assert "Password set by a manager" in page
    assert "/undo" not in page


def test_a_look_at_the_page_is_itself_in_the_log_of_viewings(
    app: Flask, sign_in: SignIn, past: Past
) -> None:
    sales, support = sign_in("sales"), sign_in("support")
    address = f"/customers/{past.number}/changes"
    assert OLD_CANARY in sales.get(address).text
    assert OLD_CANARY not in support.get(address).text
    page = sign_in("manager").get("/settings/viewings").text
    rows = page.split("<tbody")[1]
    assert "Claire Harlow" in rows
    assert "林知夏" in rows
    assert "周牧" not in rows


def test_only_those_with_the_right_come_in(app: Flask, sign_in: SignIn, past: Past) -> None:
    with app.app_context():
        done = past.change(region="Leeds")
    for login in ("sales", "support"):
        client = sign_in(login)
        for address in ("/settings/ledger", f"/settings/ledger/{done}", "/settings/viewings"):
            assert client.get(address).status_code == 403


def test_an_entry_that_is_not_there_is_not_there(sign_in: SignIn) -> None:
    client = sign_in("manager")
    for number in ("999999", "0", "2147483648", "99999999999999999999"):
        assert client.get(f"/settings/ledger/{number}").status_code == 404


def test_the_pages_are_there_in_chinese(sign_in: SignIn, past: Past) -> None:
    client = sign_in("manager", lang="zh")
    assert "新增客户" in client.get("/settings/ledger").text
    assert "访问记录" in client.get("/settings/viewings").text


def test_nobody_reads_here_of_records_out_of_their_sight(
    app: Flask, sign_in: SignIn, past: Past
) -> None:
    with app.app_context():
        hidden = make_past(owner="sales2", name="Hidden Bearings Ltd")
        done = hidden.change(login="sales2", region="Atlantis")
        sales = role_by_key("sales")
        assert sales is not None
        set_grants({sales.id: {"history:see_all": "all"}}, by=command_line(), at=AT)
    sign_in("sales2").get(f"/customers/{hidden.number}")
    client = sign_in("sales")
    places = ("/settings/ledger", f"/settings/ledger/{done}", "/settings/viewings")
    pages = {place: client.get(place).text for place in places}
    for secret in ("Hidden Bearings", "Atlantis", "Claire Harlow", f"/customers/{hidden.number}"):
        assert [place for place in places if secret in pages[place]] == []
    assert past.number in pages["/settings/ledger"]
    assert "Customer changed" in pages[f"/settings/ledger/{done}"]
    assert "Oliver Hartwell" in pages["/settings/viewings"]
    assert "Atlantis" in sign_in("manager").get(f"/settings/ledger/{done}").text
