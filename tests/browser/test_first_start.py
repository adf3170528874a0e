"""The first start in a real Chromium: from a book without people to Today, on a desk and on a phone."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.setup import code
from crmlite.testing import PASSWORD, config_for
from tests.browser.test_application import Inspector, work_off
from tests.setup.emptying import leave_nobody_in

pytestmark = pytest.mark.browser

ON = "form.step .btn-primary"


@pytest.fixture
def fresh(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application, with the packs that are installed, whose book waits for its first manager."""
    folder = tmp_path / "instance"
    shutil.copytree(sqlite_template, folder)
    app = create_app(config_for(folder, packs=True))
    leave_nobody_in(app)
    yield app
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def served(fresh: Flask) -> Iterator[str]:
    """The address that the console tells."""
    server = make_server("127.0.0.1", 0, fresh, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with fresh.app_context():
        shown = code.offer()
        database.session.remove()
    yield f"http://127.0.0.1:{server.port}/start?code={shown}"
    server.shutdown()
    thread.join()
    server.server_close()


def window(browser: Browser, lang: str, theme: str, width: int, *, scripts: bool = True) -> Page:
    """A window in which nobody has been anywhere yet."""
    given: Any = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": theme,
        "locale": "zh-CN" if lang == "zh" else "en-GB",
        "reduced_motion": "reduce",
        "java_script_enabled": scripts,
    }
    return browser.new_context(**given).new_page()


def walk_in(page: Page, served: str, look: Any) -> None:
    """From the address of the console to the first login."""
    page.goto(served)
    page.wait_for_url("**/start/language")
    look("language")
    page.click(ON)
    page.wait_for_url("**/start/firm")
    page.click(ON)
    page.wait_for_selector("[name=company_name][aria-invalid=true]")
    look("firm with an error")
    page.fill("[name=company_name]", "Lanwick Automation")
    page.click(ON)
    page.wait_for_url("**/start/manager")
    look("manager")
    for name, value in (
        ("name", "Emma Clarke"),
        ("login", "emma"),
        ("new", PASSWORD),
        ("again", PASSWORD),
    ):
        page.fill(f"[name={name}]", value)
    page.click(ON)
    page.wait_for_url("**/start/packs")


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1440), ("zh", "dark", 390)])
def test_a_stranger_comes_from_the_console_to_today_with_the_demo(
    fresh, served, browser, lang, theme, width
):
    page = window(browser, lang, theme, width)
    inspector = Inspector(page)
    page.goto(served.partition("?")[0])
    inspector.look("code")
    walk_in(page, served, inspector.look)
    page.click("[name=pack][value=retail]")
    page.locator("details.fold summary").first.click()
    inspector.look("packs")
    page.click(ON)
    page.wait_for_url("**/start/book")
    inspector.look("book")
    page.click("form.step button[type=submit]")
    page.wait_for_url("**/start/demo")
    inspector.look("demo")
    work_off(fresh)
    page.wait_for_url("**/today")
    page.wait_for_selector("#first-steps")
    inspector.look("today")
    assert page.locator("#first-steps li .icon").count() == 1  # the firm has its name
    page.click("#first-steps > form button")
    page.wait_for_selector("#first-steps", state="detached")
    page.locator("[data-undo]").first.click()
    page.wait_for_selector("#first-steps")
    assert inspector.found == []
    page.context.close()


def test_it_needs_no_scripts(served, browser):
    page = window(browser, "en", "light", 1440, scripts=False)
    walk_in(page, served, lambda _name: None)
    page.click(ON)
    page.wait_for_url("**/start/book")
    page.click("text=Go to Today")
    page.wait_for_url("**/today")
    assert page.locator("#first-steps").count() == 1
    page.context.close()
