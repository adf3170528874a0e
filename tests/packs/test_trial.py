"""The kit for tests of packs finds what is wrong, and gives authors what their own tests need."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from crmlite.access.readers import everything
from crmlite.customers.queries import customer
from crmlite.extensions import database
from crmlite.objects.queries import records_of
from crmlite.packs import queries
from crmlite.testing.packs import Trial
from tests.packs.installing import MANIFEST, install

TABLES = """
[fields.customer.since]
label = ["Guest since", "首住日期"]
kind = "date"

[fields.case.room]
label = ["Room", "房号"]

[objects.stay]
label = ["Stay", "入住"]
title = "booking"
fields.booking = {label = ["Booking", "预订号"]}
fields.nights = {label = ["Nights", "间夜"], kind = "integer"}
fields.arrived_on = {label = ["Arrived", "入住"], kind = "date"}
fields.paid = {label = ["Paid", "已付"], kind = "amount"}
fields.passport = {label = ["Passport", "护照"], sensitive = true}

[categories.noise]
label = ["Noise", "噪音"]
targets = ["resolution 1 day"]
"""
PLUGIN = """
from crmlite import hookimpl
from crmlite.panels import Panel


@hookimpl
def case_panels(case):
    if case["category"] != "inn__noise":
        return []
    return [Panel(name="inn", title=case["extra"]["inn__rooom"], template="inn/room.html")]
"""
INN = {"pack.toml": MANIFEST.format(title="Inn") + TABLES, "plugin.py": PLUGIN}
Started = Callable[..., Flask]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_pages_of_cases_and_records_are_looked_at(started: Started) -> None:
    faults = Trial("inn", started(inn=INN)).faults()
    assert faults == ["case_panels: KeyError: 'inn__rooom'"]


def test_the_kit_adds_customers_records_and_cases(started: Started) -> None:
    pack = Trial("inn", started(inn=INN | {"plugin.py": ""}))
    pack.switch(on=True)
    number = pack.add_customer({"inn__since": date(2026, 5, 1)})
    pack.add_record("inn__stay", {"inn__stay_booking": "B-1", "inn__stay_nights": 3})
    case = pack.open_case({"inn__room": "1203"}, category="inn__noise")
    page = pack.client()
    assert "1 May 2026" in page.get(f"/customers/{number}").text
    assert "B-1" in page.get(f"/customers/{number}/tabs/inn__stay").text
    assert "1203" in page.get(f"/cases/{case}").text


def test_the_kit_refuses_what_there_is_not(started: Started) -> None:
    pack = Trial("inn", started(inn=INN | {"plugin.py": ""}))
    pack.switch(on=True)
    with pytest.raises(ValueError, match="did you mean 'inn__since'"):
        pack.add_customer({"inn__sinse": "2026-05-01"})
    with pytest.raises(TypeError, match="is a date"):
        pack.add_customer({"inn__since": "last May"})
    pack.add_customer({})
    with pytest.raises(ValueError, match="did you mean 'inn__stay'"):
        pack.add_record("inn__stey", {})


def test_the_page_says_what_draws_and_what_runs_after_changes(started: Started) -> None:
    told = "\n\n@hookimpl\ndef case_changed(case_id, customer_id):\n    pass\n"
    pack = Trial("inn", started(inn=INN | {"plugin.py": PLUGIN + told}))
    with pack.app.test_request_context():
        lines = [(words, number) for words, number, _names in queries.brings("inn")]
        assert lines[-2:] == [("Parts of pages", 1), ("Runs after changes", 1)]
        database.session.remove()


def test_the_code_of_a_pack_reads_its_records(started: Started) -> None:
    app = started(inn=INN | {"plugin.py": ""})
    pack = Trial("inn", app)
    pack.switch(on=True)
    number = pack.add_customer({})
    given = {"inn__stay_booking": "B-1", "inn__stay_arrived_on": date(2026, 5, 1)}
    pack.add_record("inn__stay", given | {"inn__stay_paid": 12_000, "inn__stay_passport": "E123"})
    with app.test_request_context():
        everybody = everything()
        row = customer(number, seen_by=everybody)
        [stay] = records_of(row, everybody, "inn__stay")
        assert stay == given | {"inn__stay_nights": None, "inn__stay_paid": 12_000}
        without = replace(everybody, grants={"customers:see": "all"})
        [stay] = records_of(row, without, "inn__stay")
        assert "inn__stay_paid" not in stay
        database.session.remove()
    pack.switch(on=False)
    with app.test_request_context():
        assert records_of(row, everybody, "inn__stay") == []
        database.session.remove()


def test_a_change_names_what_it_changes_as_people_do(started: Started, packages: Path) -> None:
    pack = Trial("inn", started(inn=INN | {"plugin.py": ""}))
    pack.switch(on=True)
    file = INN["pack.toml"].replace('kind = "date"\n', 'kind = "date"\nhint = "Of the first"\n', 1)
    install(packages, "inn", INN | {"pack.toml": file, "plugin.py": ""}, version="1.1")
    with started().test_request_context():
        lines = queries.change_lines(queries.changes("inn"))
        assert [(mark, what) for mark, _kind, what in lines] == [("~", "Guest since")]
        database.session.remove()
