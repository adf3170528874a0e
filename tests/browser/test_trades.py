"""The pages of packs, and those of crmlite with our three trades on, in a real Chromium, looked at by axe."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from crmlite import clock
from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.packs.operations import disable_pack, enable_pack
from crmlite.setup.demo.loading import DEMO
from crmlite.setup.demo.trades import load_trade
from crmlite.testing import config_for
from tests.browser.test_application import WALKS, Inspector, demo, fill, opened
from tests.packs.test_ours import OURS

__all__ = ["demo", "opened"]

pytestmark = pytest.mark.browser

PAGES = (
    "/packs",
    "/packs/retail",
    "/today",
    "/customers?columns=number,name,retail__points,education__grade&sort=-retail__points",
    "/customers/new?kind=person",
    "/customers/new?kind=company",
    "/customers/C015",
    "/customers/C015/edit",
    "/customers/C015/brief",
    "/customers/C018",
    "/customers/C018/tabs/retail__coupon",
    "/customers/C051",
    "/records/retail__coupon",
    "/records/manufacturing__progress?sort=-manufacturing__progress_step",
    "/records/education__course",
    "/records/retail__coupon/new?customer=C018",
    "/records/1",
    "/records/1/edit",
    "/orders/SO0166",
    "/cases/new",
    "/settings/fields",
    "/settings/fields/1",
    "/settings/tags",
    "/settings/replies",
    "/settings/deadlines",
)


@pytest.fixture(scope="module")
def demo_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with a demo book that shows our trades."""
    folder = tmp_path_factory.mktemp("trades") / "instance"
    shutil.copytree(sqlite_template, folder)
    app = create_app(config_for(folder, packs=True))
    with app.app_context():
        fill(app)
        for name in OURS:
            enable_pack(name, by=DEMO, at=clock.now())
            load_trade(name, by=DEMO, at=clock.now())
        database.session.remove()
    yield app
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


@pytest.mark.parametrize(("lang", "theme", "width", "pages"), WALKS)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(opened, lang, theme, width, pages):
    page = opened("manager", lang, theme, width)
    inspector = Inspector(page)
    for path in PAGES[pages]:
        answer = page.goto(path)
        assert answer.status == 200, path
        inspector.look(path)
    assert inspector.found == []


def test_what_a_pack_left_is_looked_at_before_it_is_removed(opened, demo_app):
    page = opened("manager", "zh", "dark", 390)
    inspector = Inspector(page)
    with demo_app.app_context():
        disable_pack("manufacturing", by=DEMO, at=clock.now())
        database.session.remove()
    for path in ("/packs", "/packs/manufacturing", "/packs/manufacturing/removal"):
        page.goto(path)
        inspector.look(path)
    page.goto("/customers/C051")
    inspector.look("a customer with what the pack left")
    assert inspector.found == []
    page.goto("/packs/manufacturing")
    page.locator("form[action$='/state'] button").first.click()
    page.wait_for_url("**/packs")
    page.goto("/customers/C051")
    page.locator("[href$='/tabs/manufacturing__progress']").first.wait_for()
