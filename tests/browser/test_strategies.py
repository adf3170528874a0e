"""Changing a strategy in a real Chromium: a touch, the live preview, publishing; as axe sees it."""

import pytest

from tests.browser.test_application import LOOKS, Inspector, demo, demo_app, opened

__all__ = ["demo", "demo_app", "opened"]

pytestmark = pytest.mark.browser


def press(page, selector):
    """Press what has the form drawn anew, and wait for the new one."""
    page.evaluate("document.querySelector('#strategy-form').dataset.old = ''")
    page.click(selector)
    page.wait_for_selector("#strategy-form:not([data-old])")


def do(page, what):
    """Press a button of the touches."""
    press(page, f".btn[name='touches-do'][value='{what}']")


@pytest.mark.parametrize(("lang", "theme", "width"), LOOKS)
def test_a_touch_is_changed_previewed_and_published(opened, lang, theme, width):
    page = opened("manager", lang, theme, width)
    inspector = Inspector(page)
    page.goto("/strategies/2/edit")
    page.wait_for_selector("#preview-found .load svg")
    inspector.look("strategy")
    press(page, "button.blank[value='serves']")
    assert page.is_visible("#part-serves") and not page.is_visible("#part-goal")
    do(page, "edit:0")
    count = page.input_value("[name='touches-touch-count']")
    page.fill("[name='touches-touch-count']", str(int(count) + 1))
    inspector.look("touch")
    page.press("[name='touches-touch-count']", "Enter")  # sets the touch, publishes nothing
    page.wait_for_selector("#touch-editor", state="detached")
    page.wait_for_selector(".diff .mark-c")
    assert page.url.endswith("/edit")
    do(page, "around:")
    page.click("label:has([name='touches-touch-how'][value='again'])")
    page.wait_for_selector("input.form-control[name='touches-touch-count']")
    do(page, "close:")
    assert page.locator("#touch-editor").count() == 0
    inspector.look("draft")
    page.click("button[name='publish']")
    page.wait_for_url("**/strategies/2")
    assert inspector.found == []
    page.goto("/strategies/2/edit")  # back to how the demo has it, for the next look
    do(page, "edit:0")
    page.fill("[name='touches-touch-count']", count)
    do(page, "set:")
    page.click("button[name='publish']")
    page.wait_for_url("**/strategies/2")


def test_a_new_strategy_says_what_is_missing(opened):
    page = opened("manager", "en", "light", 1440)
    page.goto("/strategies/new")
    page.wait_for_selector("#preview-found .muted")
    page.click("button[name='publish']")
    page.wait_for_selector("[data-summary]")
    assert page.is_visible("#part-name") and page.is_visible("#touches")
