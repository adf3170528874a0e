"""What was brought in can be taken away, and brought in again, and is the same."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from crmlite import clock
from crmlite.app import create_app
from crmlite.customers.operations import delete_customer, update_customer
from crmlite.extensions import database
from crmlite.followups.operations import TaskDraft
from crmlite.setup.demo import loading
from crmlite.setup.initialise import initialise
from crmlite.testing import config_for
from crmlite.work.actors import command_line
from tests.exports.books import COMPANY, add, exported
from tests.imports.bringing import SHEET, counts, customers, imported, said, taken_back
from tests.real_files import real_file

LAYOUTS = [(layout, kind) for layout in ("sheet", "all") for kind in ("csv", "xlsx")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("layout", ["sheet", "all"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sample_sheet_goes_round(inside: Flask, layout: str, kind: str, lang: str) -> None:
    first = imported(real_file(*SHEET).read_bytes())
    before, book = exported(layout, kind, lang), known()
    again = imported(before, f"again.{kind}")
    assert counts(again) == (0, 0, 10, 0)  # all of them are known
    taken_back(again["id"])
    taken_back(first["id"])
    assert known() == {}
    afresh = imported(before, f"afresh.{kind}")
    assert counts(afresh) == (10, 0, 0, 0)
    assert known() == book
    if kind == "csv":
        assert exported(layout, kind, lang) == before


def known() -> dict[str, Any]:
    """What the book knows of each customer, but for what is counted and when it was written."""
    told = ("name", "kind", "lifecycle", "stage", "industry", "signed_amount", "cooperation_on")
    return {number: {name: row[name] for name in told} for number, row in customers().items()}


@pytest.fixture
def demo(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[loading.Loaded]:
    """The demo in a book of its own, inside of its application."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    with create_app(config_for(tmp_path / "instance", url)).app_context():
        initialise()
        yield loading.load("-", at=clock.now())
        database.session.remove()
        database.engine.dispose()


def test_nothing_changes_in_the_demo_when_its_own_files_update_it(demo: loading.Loaded) -> None:
    before = whole()
    for layout, kind in LAYOUTS:
        run = imported(exported(layout, kind, "zh"), f"own.{kind}", on_duplicate="update")
        assert counts(run) == (0, len(before), 0, 0)
        assert changed(before) == {}, (layout, kind)


@pytest.mark.parametrize(("layout", "kind"), LAYOUTS)
def test_nothing_changes_where_cells_hold_less_than_the_book(
    inside: Flask, layout: str, kind: str
) -> None:
    desk = {"name": "前台", "phone": "02088000004"}
    abroad = {"name": "Anna Schmidt", "mobile": "+4915112345678", "phone": "13800000001"}
    shared = {"name": "李娜", "phone": "02088000004", "is_primary": True}
    late = TaskDraft(what="2026-06-20电话确认", due_on=date(2026, 7, 1))
    add(
        contacts=[abroad],
        remarks=[
            {"text": "先电话\n\n再上门", "is_risk": False},
            {"text": "同行在接触", "is_risk": True},
            {"text": "开票抬头用全称", "is_risk": False},
        ],
        said="聊了交期",
        step=late,
    )
    add({**COMPANY, "name": "广州南风零售连锁有限公司"}, contacts=[desk, shared])
    add({**COMPANY, "name": "Nordlicht Handels AG", "currency": "EUR"}, contacts=[])
    before = whole()
    run = imported(exported(layout, kind, "zh"), f"own.{kind}", on_duplicate="update")
    assert counts(run) == (0, 3, 0, 0)
    assert changed(before) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_amounts_abroad_come_back_out_of_the_sheet(inside: Flask, kind: str, lang: str) -> None:
    firm = {"kind": "company", "name": "Riverton Ltd", "currency": "GBP"}
    first = add({**firm, "signed_amount": 3_150_050}, contacts=[])
    file = exported("sheet", kind, lang)
    delete_customer(first["id"], by=command_line(), at=clock.now())
    assert counts(run := imported(file, f"own.{kind}")) == (1, 0, 0, 0)
    (afresh,) = customers().values()
    assert (afresh["currency"], afresh["signed_amount"]) == ("GBP", 3_150_050)
    update_customer(afresh["id"], {"signed_amount": 500}, by=command_line(), at=clock.now())
    again = imported(file, f"again.{kind}", on_duplicate="update")
    assert (said(run), said(again)) == ({}, {})
    assert customers()[afresh["number"]]["signed_amount"] == 3_150_050


def whole() -> dict[str, dict[str, Any]]:
    """All that the book holds of each customer, by its number."""
    held = json.loads(exported("all", "json", archived=True))
    return {one["number"]: one for one in held}


def changed(before: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What of the book is otherwise than it was."""
    after = whole()
    return {
        f"{number} {name}": (one.get(name), after.get(number, {}).get(name))
        for number, one in before.items()
        for name in {**one, **after.get(number, {})}
        if one.get(name) != after.get(number, {}).get(name)
    } | {number: after[number] for number in after.keys() - before.keys()}
