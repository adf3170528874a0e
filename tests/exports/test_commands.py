"""`crmlite export customers`, as whoever runs the server uses it."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.sensitive import ViewingRow
from crmlite.customers.operations import archive_customer
from crmlite.exports import commands
from crmlite.exports.commands import export
from crmlite.exports.models import ExportRow
from crmlite.extensions import database
from crmlite.work.actors import command_line
from crmlite.work.ledger import ActorRow, OperationRow
from tests.applications import Employ
from tests.exports.books import CLAIRE, COMPANY, add, add_whole, cells

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `crmlite export …`; answers exit code and everything it said."""

    def command(*arguments: object) -> tuple[int, str]:
        with app.app_context():
            result = CliRunner().invoke(export, [str(one) for one in arguments])
            database.session.remove()
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result.exit_code, result.output

    return command


@pytest.fixture
def book(app: Flask) -> dict[str, Any]:
    """A customer of sales with everything, one of sales2, and one set aside."""
    with app.app_context():
        whole = add_whole()
        add(
            {**COMPANY, "name": "Calder Looms"},
            owner="sales2",
            contacts=[{"name": "Tom", "mobile": "+49 40 0000007"}],
        )
        aside = add({**COMPANY, "name": "Old Mill", "lifecycle": "dormant"})
        archive_customer(aside["id"], by=command_line(), at=clock.now())
        database.session.remove()
    return whole


def records(path: Path) -> dict[str, Any]:
    return {one["name"]: one for one in json.loads(path.read_text("utf-8"))}


def test_the_console_sees_everything_and_stands_in_the_ledger(app: Flask, run: Run, book, tmp_path):
    path = tmp_path / "all.json"
    code, said = run("customers", path)
    assert (code, said) == (0, f"{path}: 2 customers.\n")
    found = records(path)
    claire = found[COMPANY["name"]]["contacts"][0]
    assert claire["mobile"] == "13800000001" and claire["phone"] == "02088000004-801"
    assert claire["birthday"] == "1980-02-29"
    assert found["Calder Looms"]["contacts"][0]["mobile"] == "+49400000007"
    assert found[COMPANY["name"]]["signed_amount"] == 661234.56
    with app.app_context():
        row = database.session.execute(select(ExportRow.__table__)).mappings().one()
        assert (row["rows"], row["format"], row["layout"], row["reader_id"]) == (
            2,
            "json",
            "all",
            None,
        )
        done = database.session.execute(
            select(OperationRow.__table__.c.source, ActorRow.__table__.c.kind)
            .join(ActorRow.__table__, ActorRow.__table__.c.id == OperationRow.__table__.c.actor_id)
            .where(OperationRow.__table__.c.name == "customers_exported")
        ).one()
        assert tuple(done) == ("command", "command")
        assert database.session.execute(select(ViewingRow.__table__)).all() == []


def test_all_that_hangs_on_a_customer_is_in_the_json(run: Run, book, tmp_path):
    run("customers", tmp_path / "all.json")
    found = records(tmp_path / "all.json")[COMPANY["name"]]
    assert found["needs"][0]["goal"] == "A second line"
    assert [(one["text"], one["is_risk"]) for one in found["remarks"]] == [
        ("需补充行业案例", False), ("-5 % asked", True)
    ]  # fmt: skip
    assert found["interactions"][0]["done_by"] == "sales"
    assert found["interactions"][0]["occurred_at"] == "2026-06-14T09:00:00+08:00"
    assert found["next_steps"][0] == {
        "kind": "next-step",
        "what": "2026-06-20电话确认", "due_on": "2026-06-20", "status": "open", "assignee": "sales",
    }  # fmt: skip
    assert found["tags"] == [{"key": "free/vip", "label": {"en": "VIP", "zh": "贵宾"}}]


def test_as_somebody_it_is_exactly_what_they_may(run: Run, employ: Employ, book, tmp_path):
    path = tmp_path / "own.csv"
    assert run("customers", path, "--as", "sales2")[0] == 0
    [row] = cells(path.read_bytes())
    assert (row["Customer name"], row["Contact's mobile"]) == ("Calder Looms", "+49400000007")
    rights = {"customers:see": "all", "customers:export": "all", "customers:amounts": "own"}
    employ("support", rights)
    assert run("customers", path, "--as", "support")[0] == 0
    masked = {row["Customer name"]: row for row in cells(path.read_bytes())}[COMPANY["name"]]
    assert (masked["Contact's mobile"], masked["Signed amount"]) == ("138****0001", "••••")
    assert masked["Last contact notes"] == ""
    assert CLAIRE["email"] not in path.read_text("utf-8")


@pytest.mark.parametrize("login", ["nobody", "support"])
def test_who_may_not_gets_no_file(run: Run, book, tmp_path, login: str):
    code, said = run("customers", tmp_path / "a.csv", "--as", login)
    assert code == 1 and login in said and list(tmp_path.glob("*.csv")) == []


def test_archived_ones_come_along_when_they_are_asked_for(run: Run, book, tmp_path):
    path = tmp_path / "all.csv"
    run("customers", path, "--archived", "--lang", "zh")
    assert [(one["客户名称"], one["已归档"]) for one in cells(path.read_bytes())] == [
        (COMPANY["name"], "否"), ("Calder Looms", "否"), ("Old Mill", "是"),
    ]  # fmt: skip
    code, said = run("customers", path, "--archived", "--as", "sales")
    assert code == 0 and "may not open archived customers" in said
    assert len(cells(path.read_bytes())) == 1


@pytest.mark.parametrize("name", ["a.doc", "a", "csv"])
def test_an_unknown_kind_of_file_is_refused(run: Run, tmp_path, name: str):
    code, said = run("customers", tmp_path / name)
    assert code == 1 and ".xlsx, .csv, .json" in said


def test_a_folder_that_is_not_there_is_said(run: Run, tmp_path):
    code, said = run("customers", tmp_path / "none" / "a.csv")
    assert code == 1 and "there is no such folder" in said


def test_an_older_file_stays_when_the_new_one_fails(run: Run, book, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("older")

    def full(*_given: object) -> Any:
        yield b"begun"
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(commands, "made", full)
        code, said = run("customers", path)
    assert code == 1 and "No space left on device" in said
    assert path.read_text() == "older" and list(tmp_path.glob("*.part")) == []
    assert run("customers", path)[0] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and list(tmp_path.glob("*.part")) == []
    assert len(cells(path.read_bytes())) == 2


def test_the_sheet_is_no_json(run: Run, tmp_path):
    assert run("customers", tmp_path / "a.json", "--sheet")[0] == 1
