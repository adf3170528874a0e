"""The pages of a pack: they reach nothing of others, what fails in one is noted, and none stands for
crmlite's own."""

from collections.abc import Callable

import pytest
from flask import Flask

from crmlite.extensions import database
from crmlite.packs import queries
from crmlite.testing import SignIn
from tests.customers.records import add
from tests.packs.test_faults import BEGIN, failed, switch_on

PAGES = """
from flask import Blueprint
from sqlalchemy import text
from crmlite import hookimpl
from crmlite.access import requires
from crmlite.access.gate import SIGNED_IN
from crmlite.extensions import database

bp = Blueprint("bakery", __name__)


@bp.get("/bread")
@requires(SIGNED_IN)
def bread():
    {page}


{more}


@hookimpl
def register_blueprints():
    return [bp]
"""
REACHING = (
    "bp.app_template_filter('label')(lambda words: 'Bread')",
    "bp.app_template_global('drawn')(lambda part: 'Bread')",
    "bp.app_template_test('none')(lambda value: True)",
    "bp.record(lambda state: state.app.config.update(SECRET_KEY='known'))",
    "bp.record(lambda state: state.app.add_url_rule('/customers/bread', 'bread', bread))",
)
FAILING = (
    "1 / 0",
    "raise SystemExit(3)",
    "raise GeneratorExit",
    "return 5",
    "database.session.execute(text('select nonsense'))",
)


def pages(page: str = "return 'Bread'", more: str = "") -> dict[str, str]:
    """A pack with a page."""
    return {"plugin.py": PAGES.format(page=page, more=more)}


def fault(app: Flask, pack: str) -> str:
    """Why a pack cannot be on."""
    with app.app_context():
        one = queries.pack(pack)
        database.session.remove()
    assert one is not None and one.state == "unfit"
    return one.reason


@pytest.mark.parametrize("more", REACHING)
def test_they_reach_nothing_of_others(started: Callable[..., Flask], more: str):
    app = started(bakery=pages(more=more))
    assert "in the pages of others" in fault(app, "bakery")


@pytest.mark.parametrize("page", FAILING)
def test_what_fails_in_one_is_noted_against_its_pack(started: Callable[..., Flask], page: str):
    app = started(bakery=pages(page))
    switch_on(app)
    assert SignIn(app)("sales").get("/x/bakery/bread").status_code == 500
    assert failed(app) == {"bakery": 1}


def test_no_pack_is_called_as_a_room_of_crmlite(started: Callable[..., Flask]):
    app = started(sales={}, customers={}, saved={})
    manager = SignIn(app)("manager")
    for page in ("/orders", "/customers", "/packs"):
        assert manager.get(page).status_code == 200
    assert "crmlite has 'sales' itself" in fault(app, "sales")
    assert "crmlite has 'saved_views' itself" in fault(app, "saved")


def test_no_tab_of_a_pack_stands_for_one_of_crmlite(started: Callable[..., Flask]):
    files = {
        "plugin.py": BEGIN.format(seconds=0)
        + "from crmlite.panels import Panel\n\n\n@hookimpl\ndef customer_tabs():\n"
        "    return [Panel(name=name, title='Bread', template='bakery/bread.html', weight=-9)\n"
        "            for name in ('orders', 'bread')]\n",
        "templates/bakery/bread.html": "<p>Three loaves</p>",
    }
    app = started(bakery=files)
    switch_on(app)
    number = add(app, "sales")
    sales = SignIn(app)("sales")
    assert "Three loaves" in sales.get(f"/customers/{number}/tabs/bread").text
    assert "Three loaves" not in sales.get(f"/customers/{number}/tabs/orders").text
