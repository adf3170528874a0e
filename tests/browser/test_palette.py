"""Everything is reached by writing part of its name."""

import threading

import pytest
from flask import render_template_string, request
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FOUND = """{% from "ui/navigation.html" import found %}
<ul class="palette-list" id="palette-found">
{% if q == "rui" %}{{ found("瑞丰新能源", "/customers/C0933", "building", "C0933") }}{% endif %}
</ul>"""


@pytest.fixture
def page(desk, site):
    """A page with a command of its own."""
    site.show("/page", "{{ btn('Archive', id='archive', data_command='hide away') }}")
    site.show("/customers", "<h1>Customers</h1>")
    site.show("/customers/C0933", "<h1>C0933</h1>")
    site.on("/palette", lambda: render_template_string(FOUND, q=request.args["q"]), "GET")
    desk.goto("/page")
    return desk


def look_for(page, text):
    """Open the palette and write."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.insert_text(text)


def active(page):
    """The line that Enter would take."""
    return page.locator("#palette [aria-selected=true]")


def test_pages_and_what_can_be_created_are_offered_at_once(page):
    look_for(page, "")
    options = page.locator("#palette [role=option]")
    expect(options).to_contain_text(["Today", "Customers", "Settings", "CustomerNew"])
    expect(active(page)).to_have_text("Today")
    expect(page.locator("#palette-input")).to_have_attribute("aria-activedescendant", "palette-0")


def test_arrows_and_enter_go_there(page):
    look_for(page, "cust")
    expect(active(page)).to_have_text("Customers")
    page.keyboard.press("ArrowDown")
    expect(active(page)).to_have_text("CustomerNew")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


def test_what_was_chosen_stays_chosen_when_the_server_answers(page, site):
    answered = threading.Event()

    def late():
        answered.wait(5)
        return render_template_string(FOUND, q="rui")

    site.on("/palette", late, "GET")
    look_for(page, "cust")
    page.keyboard.press("ArrowDown")
    expect(active(page)).to_have_text("CustomerNew")
    answered.set()
    expect(page.locator("#palette-found [role=option]")).to_have_count(1)
    expect(active(page)).to_have_text("CustomerNew")


@pytest.mark.parametrize("written", ["客", "customers"])
def test_in_chinese_both_languages_find_a_page(desk, site, written):
    site.show("/page", "{{ head('x') }}")
    desk.goto("/page?lang=zh")
    look_for(desk, written)
    expect(active(desk)).to_have_text("客户")


def test_a_command_of_the_page_is_run(page):
    page.evaluate(
        "document.querySelector('#archive').addEventListener('click', e => e.target.textContent = 'Done')"
    )
    look_for(page, "away")
    expect(active(page)).to_have_text("Archive")
    page.keyboard.press("Enter")
    expect(page.locator("#archive")).to_have_text("Done")
    expect(page.locator("#palette")).to_be_hidden()


def test_what_the_server_finds_is_chosen_like_a_command(page):
    look_for(page, "rui")
    expect(active(page)).to_contain_text("瑞丰新能源")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="C0933")).to_be_visible()


def test_enter_takes_nothing_that_was_found_for_other_words(page, site):
    look_for(page, "rui")
    expect(active(page)).to_contain_text("瑞丰新能源")
    answered = threading.Event()

    def late():
        answered.wait(5)
        return render_template_string(FOUND, q="other")

    site.on("/palette", late, "GET")
    page.keyboard.insert_text("x")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-found [role=option]")).to_have_count(0)
    expect(page.locator("#palette-none")).to_be_hidden()
    answered.set()
    expect(page.locator("#palette-none")).to_be_visible()
    assert page.url.endswith("/page")


def test_what_is_found_too_late_is_not_offered_for_other_words(page, site):
    asked, answered = threading.Event(), threading.Event()

    def late():
        asked.set()
        answered.wait(5)
        return render_template_string(FOUND, q="rui")

    site.on("/palette", late, "GET")
    look_for(page, "rui")
    assert asked.wait(5)
    site.on("/palette", lambda: render_template_string(FOUND, q="other"), "GET")
    page.keyboard.insert_text("x")
    answered.set()
    expect(page.locator("#palette-none")).to_be_visible()
    expect(page.locator("#palette-found [role=option]")).to_have_count(0)


def test_enter_waits_for_what_is_being_looked_for(page, site):
    answered = threading.Event()

    def late():
        answered.wait(5)
        return render_template_string(FOUND, q="rui")

    site.on("/palette", late, "GET")
    look_for(page, "rui")
    page.keyboard.press("Enter")
    answered.set()
    expect(page.get_by_role("heading", name="C0933")).to_be_visible()


def test_enter_waits_no_longer_when_something_else_is_written(page):
    look_for(page, "zz")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("rui")
    expect(active(page)).to_contain_text("瑞丰新能源")
    assert page.url.endswith("/page")


def test_finding_nothing_says_what_to_try(page):
    look_for(page, "zzz")
    expect(page.locator("#palette-none")).to_contain_text("Nothing found.")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    look_for(page, "")
    expect(page.locator("#palette-input")).to_have_value("")
    expect(page.locator("#palette-none")).to_be_hidden()


def test_opened_again_at_once_it_offers_everything(page):
    look_for(page, "zzz")
    expect(page.locator("#palette-none")).to_contain_text("Nothing found.")
    page.evaluate(
        """async () => {
            const palette = document.getElementById("palette");
            const closed = new Promise((done) => palette.addEventListener("close", done));
            palette.close();
            await closed;
            palette.showModal();
        }"""
    )
    expect(page.locator("#palette [role=option]").first).to_be_visible()


def test_enter_that_ends_composing_chinese_takes_nothing(page):
    look_for(page, "cust")
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
           {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    expect(page.locator("#palette")).to_be_visible()
    assert page.url.endswith("/page")


def test_a_created_thing_opens_in_the_drawer(page, site):
    site.show("/customers/new", "", part='<div id="new" data-title="New customer">-</div>')
    look_for(page, "customer new")
    page.keyboard.press("Backspace")
    look_for_new = page.locator("#palette [role=option]", has_text="New").first
    expect(look_for_new).to_have_count(0)
    page.locator("#palette-input").fill("customer")
    page.locator("#palette [role=option]", has_text="New").click()
    expect(page.locator("#drawer-title")).to_have_text("New customer")


def test_a_line_parts_commands_from_what_was_found_only_where_there_are_both(page):
    def line():
        found = page.locator("#palette-found")
        expect(found.get_by_role("option")).to_have_count(1)
        return found.evaluate("element => getComputedStyle(element).borderTopWidth")

    look_for(page, "rui")
    expect(page.locator("#palette-commands [role=option]")).to_have_count(0)
    assert line() == "0px"
