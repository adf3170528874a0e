"""A real Chromium, one for the run, and one fresh page for each test that complains about errors."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.frame_site import FrameSite, Running, build

PLACES = ("/usr/bin/chromium", "chromium", "google-chrome")
PATIENCE = 5000
# A refused request stands in the console of every browser; what matters is what the page does.
EXPECTED = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:sendError",
    "htmx:sendAbort",
    "htmx:afterRequest",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is: CRMLITE_CHROMIUM names it, else the usual places are tried."""
    named = os.environ.get("CRMLITE_CHROMIUM")
    found = [path for place in ([named] if named else PLACES) if (path := shutil.which(place))]
    if not found:
        pytest.skip("No Chromium here: install one, or name it in CRMLITE_CHROMIUM.")
    return found[0]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser of this run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrameSite]:
    """The site of the templates, once for the run."""
    with Running(build(tmp_path_factory.mktemp("texts"))) as site:
        yield site


@pytest.fixture
def site(running_site: FrameSite) -> Iterator[FrameSite]:
    """The site, empty for this test; none of its pages may fail."""
    running_site.reset()
    yield running_site
    assert running_site.failures == []


@pytest.fixture(scope="session")
def desk_context(browser: Browser, running_site: FrameSite) -> Iterator[BrowserContext]:
    """A screen on a desk. Tests share it, so that style sheets are fetched once."""
    size: Any = {"width": 1440, "height": 900}
    context = browser.new_context(base_url=running_site.address, viewport=size)
    yield context
    context.close()


@pytest.fixture(scope="session")
def phone_context(browser: Browser, running_site: FrameSite) -> Iterator[BrowserContext]:
    """A phone."""
    size: Any = {"width": 390, "height": 844}
    context = browser.new_context(
        base_url=running_site.address, viewport=size, has_touch=True, is_mobile=True
    )
    yield context
    context.close()


@pytest.fixture
def desk(desk_context: BrowserContext, site: FrameSite) -> Iterator[Page]:
    """A page on a desk; the test fails when it wrote an error into the console."""
    yield from watched(desk_context)


@pytest.fixture
def phone(phone_context: BrowserContext, site: FrameSite) -> Iterator[Page]:
    """The same on a phone."""
    yield from watched(phone_context)


@pytest.fixture
def timed(browser: Browser, site: FrameSite) -> Iterator[Page]:
    """A page whose clock the test turns."""
    context = browser.new_context(base_url=site.address)
    context.clock.install()
    yield from watched(context)
    context.close()


def watched(context: BrowserContext) -> Iterator[Page]:
    """A page of its own in `context`; afterwards nothing may have gone wrong in it."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            wrong.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear()")
    page.close()
    assert wrong == []
