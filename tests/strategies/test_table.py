"""The strategy table: on screen, for whom one sees, and as a file."""

import csv
import io
from zipfile import ZipFile

import pytest
from flask import Flask

from crmlite.strategies.planner.jobs import SOON
from crmlite.testing import SignIn
from tests.applications import Employ
from tests.customers.records import add, form_on, press
from tests.strategies.test_planner import run


def test_the_table_says_who_is_served_how_and_when(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", tier="core", lifecycle="active", name="Calder Looms Ltd")
    add(app, "manager", tier="normal", lifecycle="active", name="Harrow Vale Ltd")
    run(app, SOON)
    client = sign_in("sales")
    page = client.get("/strategies/table").text
    assert "Calder Looms Ltd" in page and "Harrow Vale Ltd" not in page
    assert "Core customers" in page and "every 2 weeks" in page and "version 1" in page
    whole = sign_in("manager").get("/strategies/table").text
    assert "Harrow Vale Ltd" in whole and "Product news" in whole
    client = sign_in("sales")
    found = client.get("/strategies/table?w=tier~is~normal").text
    assert "No strategy serves anybody here" in found
    assert client.get("/strategies/table?w=xyz&page=abc", follow_redirects=True).status_code == 200
    customer = client.get(f"/customers/{number}").text
    assert f"/strategies/table?w=number~is~{number}" in customer
    assert client.get(f"/strategies/table?w=number~is~{number}").text.count("every 2 weeks") == 1


def test_paper_gets_more_than_a_page_of_the_screen(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Alder", "Birch", "Calder"):
        add(app, "manager", tier="normal", lifecycle="active", name=f"{name} Ltd")
    run(app, SOON)
    client = sign_in("manager")
    monkeypatch.setattr("crmlite.strategies.views.table.SIZE", 1)
    first = client.get("/strategies/table").text
    assert "Alder Ltd" in first and "Birch Ltd" not in first and "print=1" in first
    paper = client.get("/strategies/table?print=1").text
    assert all(f"{name} Ltd" in paper for name in ("Alder", "Birch", "Calder"))
    assert 'data-print="now"' in paper and "are printed" not in paper
    monkeypatch.setattr("crmlite.strategies.views.table.ON_PAPER", 2)
    cut = client.get("/strategies/table?print=1").text
    assert "The first 2 customers are printed." in cut and "Calder Ltd" not in cut


def test_the_table_is_taken_away_as_a_file(app: Flask, sign_in: SignIn) -> None:
    add(app, "sales", tier="core", lifecycle="active", name="=Calder Looms Ltd")
    run(app, SOON)
    client = sign_in("manager")
    dialog = "/customers/export?layout=plan"
    assert form_on(client, dialog, "/customers/export")["layout"] == "plan"
    answer = press(client, "/customers/export", {"layout": "plan", "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Customer number", "Customer", "Strategy"]
    assert {row[4] for row in rows[1:]} >= {"Call", "Needs survey", "Holiday gift"}
    assert all(not row[1].startswith("=") for row in rows)
    [call] = [row for row in rows if row[4] == "Call"]
    assert call[5] == "every 2 weeks" and call[8] and call[9]
    sheet = press(client, "/customers/export", {"layout": "plan", "format": "xlsx"})
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(sheet.data)).namelist()
    told = press(client, "/customers/export", {"layout": "plan", "format": "json"}).get_json()
    assert len(told) == len(rows) - 1 or len(told["records"]) == len(rows) - 1


def test_who_may_not_see_strategies_takes_none_away(
    app: Flask, sign_in: SignIn, employ: Employ
) -> None:
    seeing = {"customers:see": "all", "customers:export": "all", "customers:create": "all"}
    employ("support", seeing)
    client = sign_in("support")
    assert 'value="plan"' not in client.get("/customers/export").text
    answer = press(client, "/customers/export", {"layout": "plan", "format": "csv"})
    assert answer.status_code == 403
