"""Building a condition in a real Chromium: by mouse, by keyboard, on a phone, as axe sees it."""

import json

import pytest

from tests.browser.test_application import LOOKS, Inspector, demo, demo_app, opened

__all__ = ["demo", "demo_app", "opened"]

pytestmark = pytest.mark.browser


def press(page, do):
    """Press a button of the builder and wait for what it draws."""
    _drawn_anew(page, lambda: page.click(f"button[value='{do}']"))


def choose(page, name, value):
    """Choose in a list that has the form drawn anew."""
    _drawn_anew(page, lambda: page.select_option(f"[name='{name}']", value))


def _drawn_anew(page, act):
    """Do what has the form drawn anew, and wait for the new one."""
    page.evaluate("document.querySelector('#segment-form').dataset.old = ''")
    act()
    page.wait_for_selector("#segment-form:not([data-old])")


@pytest.mark.parametrize(("lang", "theme", "width"), LOOKS)
def test_a_segment_is_built_and_saved_by_enter(opened, lang, theme, width):
    page = opened("manager", lang, theme, width)
    inspector = Inspector(page)
    page.goto("/settings/segments/new")
    page.fill("[name=label_zh]", "重点客户")
    press(page, "add:")
    assert page.evaluate("document.activeElement.name") == "tree-field"
    page.check("input[value=core]")
    press(page, "set:")
    press(page, "group:")
    choose(page, "tree-field", "orders")
    choose(page, "tree-operator", "at_least")
    page.fill("[name=tree-value]", "3")
    press(page, "add:1")
    choose(page, "tree-field", "region")
    page.fill("[name=tree-value]", "苏州")
    choose(page, "tree-join-1", "none")
    inspector.look("builder")
    assert page.input_value("[name=tree-value]") == "苏州"  # not lost when the group is joined anew
    page.press("[name=tree-value]", "Enter")
    page.wait_for_url("**/settings/segments")
    page.click("text=重点客户")
    page.wait_for_selector("[name=tree]", state="attached")
    kept = json.loads(page.input_value("[name=tree]"))
    assert kept["all"][0]["values"] == ["core"]
    assert [part["field"] for part in kept["all"][1]["none"]] == ["orders", "region"]
    inspector.look("segment")
    page.goto("/settings/segments")
    inspector.look("segments")
    assert inspector.found == []
    page.goto("/settings/segments")
    page.click("td a.name")
    page.click("form.post button")
    page.wait_for_url("**/settings/segments")
