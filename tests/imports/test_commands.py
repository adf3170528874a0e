"""`crmlite import`, as scripts and people type it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.imports import queries
from crmlite.imports.models import IMPORTING, Import
from crmlite.imports.operations import runs
from crmlite.jobs.models import RUNNING, Job
from crmlite.sales.models import Order
from crmlite.sales.operations import update_order
from crmlite.testing import person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.commands import Done, command
from tests.imports.bringing import begun, counts, customers
from tests.real_files import real_file

__all__ = ["command"]

EXPECTED = {"rows": 12, "created": 10, "updated": 0, "duplicates": 1, "failed": 1}


def environment(app: Flask) -> dict[str, str]:
    config = app.extensions["crmlite.config"]
    return {
        **os.environ,
        "CRMLITE_INSTANCE": str(config.instance),
        "CRMLITE_DATABASE_URL": config.database_url,
        "CRMLITE_LOG_LEVEL": "CRITICAL",
    }


Crmlite = Callable[..., Done]


@pytest.fixture
def crmlite(app: Flask, command: Callable[..., Done]) -> Crmlite:
    """A command on the book of the test: `crmlite("import", "undo", 1)`."""
    return partial(command, app.extensions["crmlite.config"])


def figures(done: Done) -> dict[str, Any]:
    """What `--json` printed, and nothing else was."""
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("file", ["customers.utf8bom.csv", "customers.gb18030.csv"])
def test_the_sample_sheet_has_these_figures(crmlite: Crmlite, app: Flask, file: str) -> None:
    done = crmlite("import", "customers", real_file("customer_sheet", file), "--json")
    said = figures(done)
    assert {name: said[name] for name in EXPECTED} == EXPECTED
    assert done.returncode == 2
    assert "row 7, " in done.stderr
    assert "is held back, it is the same customer as in row 2" in done.stderr
    errors = [(error["row"], error["column"], error["level"]) for error in said["errors"]]
    assert errors == [
        (12, "客户名称", "row"),
        (13, "签约金额(万元)", "value"),
        (13, "合作起始日期", "value"),
        (13, "联系方式", "value"),
        (13, "电子邮箱", "value"),
    ]
    assert all(error["message"] for error in said["errors"])
    undone = crmlite("import", "undo", said["import"])
    assert undone.returncode == 0, undone.stderr
    with app.app_context():
        assert customers() == {}


def test_a_dry_run_foretells_and_writes_nothing(crmlite: Crmlite, app: Flask) -> None:
    sheet = real_file("customer_sheet", "customers.utf8bom.csv")
    done = crmlite("import", "customers", sheet, "--dry-run", "--json")
    said = figures(done)
    assert {name: said[name] for name in EXPECTED} == EXPECTED
    assert said["import"] is None
    assert done.returncode == 2
    assert len(said["errors"]) == 5
    with app.app_context():
        for model in (Customer, Import):
            number = select(func.count()).select_from(model.__table__)
            assert database.session.execute(number).scalar() == 0
        folder = app.extensions["crmlite.config"].instance / "uploads"
        assert not folder.exists() or list(folder.iterdir()) == []


def test_a_good_file_ends_with_0_and_a_sentence(
    crmlite: Crmlite, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "two.csv"
    file.write_text("客户名称,电话\n甲公司,13800000001\n乙公司,13900000002\n", "utf-8")
    done = crmlite("import", "customers", file, "--owner", "sales")
    assert done.returncode == 0, done.stderr
    assert "2 rows: 2 created, 0 updated, 0 held back, 0 failed." in done.stdout
    with app.app_context():
        assert {row["owner_id"] for row in customers().values()} != {None}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 nothing", "neither a spreadsheet"),
        ("name\nM\u00fcller\n".encode("cp1252"), "encoded"),
        (b"colour,size\nred,12\n", "name of the customer"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_1(
    crmlite: Crmlite, app: Flask, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    done = crmlite("import", "customers", file, "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    folder = app.extensions["crmlite.config"].instance / "uploads"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_an_encoding_can_be_named(crmlite: Crmlite, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "west.csv"
    file.write_bytes("name,city\nM\u00fcller & S\u00f6hne,K\u00f6ln\n".encode("cp1252"))
    done = crmlite("import", "customers", file, "--encoding", "cp1252")
    assert done.returncode == 0, done.stderr
    with app.app_context():
        assert [row["name"] for row in customers().values()] == ["M\u00fcller & S\u00f6hne"]


def test_nobody_and_nothing_is_told_in_one_sentence(
    crmlite: Crmlite, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "one.csv"
    file.write_text("name\nCalder Ltd\n", "utf-8")
    unknown = crmlite("import", "customers", file, "--owner", "nobody")
    assert (unknown.returncode, unknown.stderr.strip()) == (1, "Error: nobody signs in as nobody")
    missing = crmlite("import", "undo", "77")
    assert (missing.returncode, missing.stderr.strip()) == (1, "Error: there is no import 77")


def test_orders_that_are_kept_are_named_and_no_customer_is(
    crmlite: Crmlite, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    rows = "订单号,下单日期,客户编号,订单金额\nA-1,2026-03-02,K1,9\nA-2,2026-03-03,K2,9\n"
    file.write_text(rows, "utf-8")
    done = crmlite("import", "orders", file, "--unknown-customers", "create", "--json")
    with app.app_context():
        wanted = select(Order.id).where(Order.number == "A-2")
        kept = database.session.execute(wanted).scalar_one()
        by = Actor("person", "manager", person_id("manager"))
        update_order(kept, {"remark": "Urgent"}, by=by, at=clock.now())
    undone = crmlite("import", "undo", figures(done)["import"])
    assert undone.returncode == 2, undone.stderr
    assert undone.stdout.splitlines() == [
        "Order A-2 is kept: it was worked on since.",
        f"Import {figures(done)['import']} is undone.",
    ]


def test_an_import_that_was_killed_at_every_try_goes_on(
    crmlite: Crmlite, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "two.csv"
    file.write_text("客户名称,电话\n甲公司,13800000001\n乙公司,13900000002\n", "utf-8")
    with app.app_context():
        import_id = begun(file.read_bytes())
        job_id = runs.start(import_id, by=command_line(), at=clock.now())
        died = {"state": RUNNING, "attempts": 5, "lease_until": clock.now() - timedelta(hours=1)}
        database.session.execute(update(Job.__table__).where(Job.id == job_id).values(died))
        database.session.commit()
    other = crmlite("import", "customers", file, "--on-duplicate", "create")
    assert other.returncode == 1
    assert "other options" in other.stderr
    done = crmlite("import", "customers", file)
    assert done.returncode == 0, done.stderr
    assert "Going on with import 1" in done.stderr
    with app.app_context():
        assert len(customers()) == 2


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_killed_import_goes_on_and_doubles_nothing(
    crmlite: Crmlite, app: Flask, tmp_path: Path
) -> None:
    file, number = tmp_path / "many.csv", 3_000
    rows = (f"C{place:05d},第{place}号客户有限公司,1380{place:07d}" for place in range(number))
    file.write_text("\n".join(["客户编号,客户名称,电话", *rows]), "utf-8")
    command = [sys.executable, "-m", "crmlite.cli", "import", "customers", str(file), "--json"]
    for _ in range(2):
        process = subprocess.Popen(
            command, env=environment(app), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        before = position(app)
        until = time.monotonic() + 60
        while position(app) <= before:
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        forget_lease(app)
    with app.app_context():
        run = queries.load(1)
        assert run["state"] == IMPORTING
        assert 0 < run["position"] < number
    done = crmlite("import", "customers", file, "--json")
    assert done.returncode == 0, done.stderr
    assert "Going on with import 1" in done.stderr
    with app.app_context():
        assert counts(queries.load(1)) == (number, 0, 0, 0)
        assert len(customers()) == number


def position(app: Flask) -> int:
    """How far the only import is."""
    with app.app_context():
        found = database.session.execute(select(Import.position)).scalar() or 0
        database.session.remove()
        return found


def forget_lease(app: Flask) -> None:
    """Let time pass until the hold of a process that died is over."""
    from crmlite.jobs.models import Job

    with app.app_context():
        with database.engine.begin() as connection:
            connection.execute(Job.__table__.update().values(lease_until=None, state="ready"))
        database.session.remove()
