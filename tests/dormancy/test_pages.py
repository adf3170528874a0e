"""Pages of the ladder: who is quiet, the clean-up list, the way back, the terms."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from crmlite import clock
from crmlite.customers.operations import archive_customer
from crmlite.testing import SignIn, csrf_token
from crmlite.work.actors import command_line
from tests.customers.records import form_on
from tests.dormancy.test_ladder import customer, night, row, today_in


def test_an_owner_sees_their_own_quiet_ones_and_no_list(app: Flask, sign_in: SignIn) -> None:
    one = customer(app, heard=70, name="Alder Tools Ltd")
    customer(app, heard=75, owner="manager", name="Birch Mills Ltd")
    customer(app, heard=3, name="Cedar Works Ltd")
    client = sign_in("sales")
    page = client.get("/dormancy").text
    assert "Alder Tools Ltd" in page and "Birch" not in page and "Cedar" not in page
    assert "Clean-up" not in page and client.get("/dormancy/cleanup").status_code == 403
    assert one
    night(app)
    assert "No real contact for long: Alder Tools Ltd" in client.get("/notifications").text


def test_a_manager_confirms_one_some_and_all_of_the_list(app: Flask, sign_in: SignIn) -> None:
    some = [customer(app, heard=200, lifecycle="dormant") for _ in range(4)]
    night(app)
    client = sign_in("manager")
    page = client.get("/dormancy/cleanup").text
    assert all(f'data-row="{one}"' in page for one in some)
    token = csrf_token(client, "/dormancy/cleanup")

    [listed] = set(re.findall(r'name="quarter" value="(\w+)"', page))

    def send(what: str, **data: object) -> None:
        sent = {"csrf_token": token, "quarter": listed, **data}
        answer = client.post(f"/dormancy/cleanup/{what}", data=sent)
        assert answer.status_code == 303

    send("archive")  # none was selected
    assert {row(app, one)["state"] for one in some} == {"active"}
    send("archive", pick=[str(some[0]), "999999", "x"])
    send("keep", pick=[str(some[1])])
    page = client.get("/dormancy/cleanup").text
    assert [f'data-row="{one}"' in page for one in some] == [False, False, True, True]
    send("archive", all="1")
    assert [row(app, one)["state"] for one in some] == [
        "archived", "active", "archived", "archived",
    ]  # fmt: skip
    assert "The list is clear" in client.get("/dormancy/cleanup").text


@pytest.mark.parametrize("what", ["archive", "keep"])
def test_a_list_of_the_quarter_before_decides_nothing(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = datetime(2026, 9, 30, 15, 50, tzinfo=UTC)  # ten minutes before the turn in Shanghai
    monkeypatch.setattr(clock, "now", lambda: before)
    shown = customer(app, heard=200, lifecycle="dormant")
    night(app)
    client, here = sign_in("manager"), "/dormancy/cleanup"
    page = client.get(here).text
    assert page.count('name="quarter" value="2026Q3"') == 2  # all of it, and the selected ones
    data = {"csrf_token": csrf_token(client, here), "quarter": "2026Q3", "all": "1"}
    fresh = customer(app, heard=190, lifecycle="dormant")
    monkeypatch.setattr(clock, "now", lambda: before + timedelta(hours=6))
    night(app)
    assert client.post(f"{here}/{what}", data=data).status_code == 303
    page = client.get(here).text
    assert "A new quarter has begun: look at its list first." in page
    assert [row(app, one)["state"] for one in (shown, fresh)] == ["active"] * 2
    assert [f'data-row="{one}"' in page for one in (shown, fresh)] == [True] * 2


def test_an_archived_one_is_out_of_sight_and_comes_back(app: Flask, sign_in: SignIn) -> None:
    one = customer(app, heard=800, lifecycle="dormant", name="Alder Tools Ltd")
    with app.app_context():
        archive_customer(one, by=command_line(), at=clock.now())
    number = row(app, one)["number"]
    sales, manager = sign_in("sales"), sign_in("manager")
    assert "Alder" not in sales.get("/customers").text
    assert "Alder" not in sales.get("/search?q=alder").text.replace('value="alder"', "")
    assert sales.get(f"/customers/{number}").status_code == 404
    form = form_on(sales, "/customers/new")
    doubled = sales.post("/customers/new", data={**form, "name": "Alder Tools Ltd"})
    assert "One that you may not open: ask a manager." in doubled.text
    page = manager.get(f"/customers/{number}").text
    assert "reactivation plan" in page
    data = {"csrf_token": csrf_token(manager, f"/customers/{number}")}
    assert manager.post(f"/customers/{number}/reactivation", data=data).status_code == 303
    page = sales.get("/today").text
    assert "what has changed" in page and "reactivation plan" in page


def test_terms_are_set_for_a_tier_and_dropped(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    here = "/settings/dormancy/core"
    form = form_on(client, here)
    assert (form["warn"], form["rest"], form["archive"]) == ("60", "183", "365")
    wrong = client.post(here, data={**form, "warn": "200"})
    assert wrong.status_code == 422 and "one after the other" in wrong.text
    client.post(here, data={**form, "warn": "14", "ask": ""})
    page = client.get("/settings/dormancy").text
    assert "14 days" in page and "never" in page
    assert client.post(f"{here}/removal", data=form_on(client, here)).status_code == 303
    assert "14 days" not in client.get("/settings/dormancy").text
    assert client.get("/settings/dormancy/nothing").status_code == 404


def test_an_ended_cooperation_leads_to_the_move_with_its_reason(
    app: Flask, sign_in: SignIn
) -> None:
    end: date = today_in(app) - timedelta(days=35)
    one = customer(app, heard=50, lifecycle="active", contract_ends_on=end)
    night(app)
    client = sign_in("sales")
    page = client.get("/dormancy/ended").text
    number = row(app, one)["number"]
    assert f"/customers/{number}/lifecycle?lifecycle=lost" in page
    assert "nothing came after it" in client.get("/today").text
