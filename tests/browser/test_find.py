"""The search box on top shows what fits while somebody types, and is a plain form besides."""

import pytest
from flask import render_template_string, request
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FOUND = """{% from "ui/navigation.html" import found %}
<ul class="palette-list" id="{{ place }}">
{% if q.startswith("rui") %}{{ found("瑞丰新能源", "/customers/C0933", "building", "C0933") }}
{{ found("瑞安中学", "/customers/C0934", "building", "C0934") }}{% endif %}
</ul>"""


def lines():
    place = request.headers["HX-Target"]
    return render_template_string(FOUND, q=request.args["q"], place=place)


@pytest.fixture
def page(desk, site):
    """A page with the frame around it."""
    site.show("/page", "{{ head('Here') }}")
    site.show("/customers/C0933", "<h1>C0933</h1>")
    site.show("/customers/C0934", "<h1>C0934</h1>")
    site.show("/search", "<h1>Results for {{ request.args.q }}</h1>")
    site.on("/palette", lines, "GET")
    desk.goto("/page")
    return desk


def write(page, text):
    page.locator("#find-input").click()
    page.keyboard.insert_text(text)


def options(page):
    return page.locator("#find-lines [role=option]")


def active(page):
    return page.locator("#find-lines [aria-selected=true]")


def test_what_fits_is_shown_while_somebody_types_and_nothing_is_chosen(page):
    write(page, "rui")
    expect(options(page)).to_have_text(["瑞丰新能源C0933", "瑞安中学C0934"])
    expect(active(page)).to_have_count(0)
    box = page.get_by_role("combobox", name="Search", exact=True)
    expect(box).to_have_attribute("aria-expanded", "true")


def test_arrows_choose_and_enter_goes_there(page):
    write(page, "rui")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(active(page)).to_contain_text("瑞丰新能源")
    expect(page.locator("#find-input")).to_have_attribute("aria-activedescendant", "find-0")
    page.keyboard.press("ArrowUp")
    expect(active(page)).to_contain_text("瑞安中学")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="C0934")).to_be_visible()


def test_enter_without_a_choice_searches_for_what_was_typed(page):
    write(page, "rui")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Results for rui")).to_be_visible()


def test_a_choice_is_of_the_text_it_was_made_for(page):
    write(page, "rui")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.insert_text("x")
    expect(active(page)).to_have_count(0)


def test_escape_hides_them_and_keeps_the_text_and_arrows_show_them_again(page):
    write(page, "rui")
    expect(page.locator("#find-all")).to_be_visible()
    expect(options(page).first).to_be_visible()  # an arrow finds what has arrived by then
    page.keyboard.press("Escape")
    expect(page.locator("#find-all")).to_be_hidden()
    expect(page.locator("#find-input")).to_have_value("rui")
    page.keyboard.press("ArrowDown")
    expect(active(page)).to_contain_text("瑞丰新能源")


def test_a_click_goes_there_and_leaving_the_field_hides_them(page):
    write(page, "rui")
    expect(page.locator("#find-all")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#find-all")).to_be_hidden()
    page.locator("#find-input").click()
    options(page).first.click()
    expect(page.get_by_role("heading", name="C0933")).to_be_visible()


def test_finding_nothing_is_said_and_an_empty_box_shows_nothing(page):
    write(page, "zzz")
    expect(page.locator("#find-none")).to_contain_text("Nothing found.")
    page.locator("#find-input").fill("")
    expect(page.locator("#find-all")).to_be_hidden()


def test_enter_that_ends_composing_chinese_takes_nothing(page):
    write(page, "rui")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
           {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert page.url.endswith("/page")


def test_on_a_phone_they_are_as_wide_as_the_screen(phone, site):
    site.show("/page", "{{ head('Here') }}")
    site.on("/palette", lines, "GET")
    phone.goto("/page")
    write(phone, "rui")
    expect(options(phone)).to_have_count(2)
    place = phone.locator("#find-all").bounding_box()
    assert place["x"] >= 0 and place["x"] + place["width"] <= 390 and place["width"] > 350
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_it_is_a_form(browser, site):
    site.show("/page", "{{ head('Here') }}")
    site.show("/search", "<h1>Results for {{ request.args.q }}</h1>")
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/page")
    page.locator("#find-input").fill("rui")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Results for rui")).to_be_visible()
    assert page.locator("#find-all").is_hidden()
    context.close()
