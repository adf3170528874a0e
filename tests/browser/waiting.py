"""Waiting until a page is ready, without waiting longer."""

from playwright.sync_api import Page

HERE = "name => import(document.getElementById('needs').dataset[name]).then(() => true)"


def until_fetched(page: Page, name: str) -> None:
    """Wait until the script `name`, which only some pages need, has run on this page."""
    page.evaluate(HERE, name)
