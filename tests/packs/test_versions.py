"""Our trades from version to version: on, used, off, gone, brought up to date, off and on again, and of what
people entered nothing is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.passwords import hashed
from crmlite.app import create_app
from crmlite.cases.models import Case
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.objects.models import Object
from crmlite.packs import queries
from crmlite.packs.operations import disable_pack, enable_pack, upgrade_pack
from crmlite.sales.models import Order
from crmlite.setup.demo.loading import DEMO, load
from crmlite.setup.demo.trades import load_trade
from crmlite.setup.initialise import initialise
from crmlite.testing import PASSWORD, SignIn, config_for
from tests.architecture.project import ROOT
from tests.packs.installing import forget, install, remove
from tests.packs.test_ours import OURS

KEPT: dict[type, tuple[str, ...]] = {
    Customer: ("extra",),
    Contact: ("extra",),
    Case: ("extra", "category", "level"),
    Order: ("extra",),
    Object: ("extra", "customer_id", "order_id", "day", "called", "state"),
}
# What the next version does: a field goes, a choice goes, a field gets another name; and what the field
# that goes is called.
DROPPED = {
    "retail": (
        "child_stage",
        '  ["silver", "Silver", "银卡会员"],\n',
        '"Points", "积分"',
        "Age of children",
    ),
    "manufacturing": (
        "lead_days",
        '  ["oem", "OEM", "OEM厂商"],\n',
        '"Credit limit", "信用额度"',
        "Agreed lead time in days",
    ),
    "education": (
        "teacher",
        '  ["g7", "Year 7", "初一"],\n',
        '"Latest mark", "最近成绩"',
        "Teacher",
    ),
}
LATER = """
[fields.customer.added_later]
label = ["Added later", "后来添加"]
kind = "integer"
"""


def files_of(name: str) -> dict[str, str]:
    """One of our packs under a name of its own, so that it stands beside the one that is installed."""
    package = ROOT / "plugins" / name / f"crmlite_{name}"
    found = {}
    for path in package.rglob("*"):
        if path.suffix in (".py", ".toml", ".html"):
            place = str(path.relative_to(package)).replace(
                f"templates/{name}/", f"templates/{name}2/"
            )
            text = path.read_text("utf-8").replace(f"{name}__", f"{name}2__")
            found[place] = text.replace(f'"{name}/', f'"{name}2/').replace(
                f'"{name}-', f'"{name}2-'
            )
    return found


def next_version(name: str) -> dict[str, str]:
    """The same pack, a version later."""
    field, choice, words, _label = DROPPED[name]
    files = files_of(name)
    text = files["pack.toml"]
    start = text.index(f"[fields.customer.{field}]\n")
    end = text.index("\n[", start)
    text = text[:start] + text[end + 1 :]
    assert text.count(choice) == 1 and text.count(words) == 1
    files["pack.toml"] = text.replace(choice, "").replace(words, '"Renamed", "已改名"') + LATER
    return files


def entered() -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in the book of what packs record."""
    found = {}
    for model, names in KEPT.items():
        table = model.__table__
        wanted = select(table.c.id, *(table.c[name] for name in names)).order_by(table.c.id)
        found[table.name] = [tuple(row) for row in database.session.execute(wanted)]
    database.session.remove()
    return found


def somebody_with(name: str) -> str:
    """The number of a customer who has a value in a field."""
    table = Customer.__table__
    found = database.session.execute(select(table.c.number, table.c.extra).order_by(table.c.id))
    return next(number for number, extra in found if extra and name in extra)


@pytest.fixture
def restarted(
    engine: str, tmp_path: Path, packages: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Flask]]:
    """Starts crmlite on an empty book, and then again on the same one."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    apps: list[Flask] = []

    def start() -> Flask:
        forget()
        apps.append(create_app(config_for(tmp_path / "instance", url, packs=True)))
        return apps[-1]

    yield start
    for app in apps:
        with app.app_context():
            database.session.remove()
            database.engine.dispose()


@pytest.mark.parametrize("name", OURS)
def test_nothing_is_lost(restarted: Callable[[], Flask], packages: Path, name: str):
    pack, by = f"{name}2", {"by": DEMO, "at": clock.now()}
    install(packages, pack, files_of(name))
    app = restarted()
    with app.app_context():
        initialise()
        load(hashed(PASSWORD), at=clock.now())
        enable_pack(pack, **by)
        load_trade(pack, **by)
        before = entered()
        number = somebody_with(f"{pack}__{DROPPED[name][0]}")
        disable_pack(pack, **by)
        assert entered() == before

    remove(packages, pack)
    with restarted().app_context():
        assert [one.state for one in queries.packs() if one.name == pack] == ["gone"]
        assert entered() == before

    install(packages, pack, next_version(name), version="2.0")
    app = restarted()
    with app.app_context():
        enable_pack(pack, **by)
        assert entered() == before
        disable_pack(pack, **by)

    install(packages, pack, files_of(name), version="2.1")
    with restarted().app_context():
        enable_pack(pack, **by)
        [one] = [one for one in queries.packs() if one.name == pack]
        assert (one.is_on, one.is_behind) == (True, False)
        assert entered() == before

    install(packages, pack, next_version(name), version="3.0")
    app = restarted()
    with app.app_context():
        [one] = [one for one in queries.packs() if one.name == pack]
        assert (one.is_on, one.is_behind) == (True, True)
        assert upgrade_pack(pack, **by)
        assert entered() == before
    reader = SignIn(app)("manager", PASSWORD)
    shown = reader.get(f"/customers/{number}").text
    form = reader.get(f"/customers/{number}/edit").text
    gone = f">{DROPPED[name][3]}<"
    assert (gone in shown, gone in form, "Added later" in form) == (True, False, True)
