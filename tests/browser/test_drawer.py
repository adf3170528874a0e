"""The drawer shows a page beside the one at hand, and gives the place back where it was."""

import json
import threading

import pytest
from flask import Response
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PART = """
<form class="form" id="form" method="post" action="/log" data-title="Log follow-up">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <label>What was said <textarea class="form-control" name="text"></textarea></label>
  <div class="form-end"><button class="btn btn-primary" type="submit">Save</button>
  <a class="btn" href="/page" data-cancel>Cancel</a></div>
</form>"""


@pytest.fixture
def list_page(desk, site):
    """A page with a link for the drawer."""
    site.show("/page", "{{ btn('Log follow-up', href='/log', data_drawer=true) }}")
    site.show("/log", "<h1>Log follow-up</h1>" + PART, part=PART)
    desk.goto("/page")
    return desk


def open_drawer(page):
    """Follow the link."""
    page.get_by_role("link", name="Log follow-up").click()
    expect(page.locator("#drawer #form")).to_be_visible()


def test_a_link_opens_its_page_in_the_drawer_and_esc_gives_the_focus_back(list_page):
    open_drawer(list_page)
    expect(list_page.locator("#drawer-title")).to_have_text("Log follow-up")
    expect(list_page.get_by_role("link", name="Full page")).to_have_attribute("href", "/log")
    expect(list_page.get_by_label("What was said")).to_be_focused()
    list_page.keyboard.press("Escape")
    expect(list_page.locator("#drawer")).to_be_hidden()
    expect(list_page.get_by_role("link", name="Log follow-up")).to_be_focused()
    assert list_page.locator("#drawer-body").inner_html() == ""


def test_with_ctrl_the_link_opens_a_tab_of_its_own(list_page):
    with list_page.context.expect_page() as opened:
        list_page.get_by_role("link", name="Log follow-up").click(modifiers=["Control"])
    expect(opened.value.get_by_role("heading", name="Log follow-up").first).to_be_visible()
    expect(list_page.locator("#drawer")).to_be_hidden()


def test_without_scripts_the_link_leads_to_the_full_page(browser, site):
    site.show("/page", "{{ btn('Log follow-up', href='/log', data_drawer=true) }}")
    site.show("/log", "<h1>Log follow-up</h1>" + PART, part=PART)
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/page")
    page.get_by_role("link", name="Log follow-up").click()
    assert page.url.endswith("/log")
    context.close()


def test_a_heading_becomes_the_title_once(desk, site):
    site.show("/page", "{{ btn('Look', href='/look', data_drawer=true) }}")
    site.show("/look", "", part="<h2>Riverton New Energy</h2><p>Strategic</p>")
    desk.goto("/page")
    desk.get_by_role("link", name="Look").click()
    expect(desk.locator("#drawer-title")).to_have_text("Riverton New Energy")
    expect(desk.get_by_text("Riverton New Energy")).to_have_count(2)
    expect(desk.locator("#drawer-body h2")).to_be_hidden()
    expect(desk.locator("#drawer-title")).to_be_focused()


def test_a_form_with_mistakes_stays_in_the_drawer(list_page, site):
    wrong = PART.replace("<label>", '<div data-summary tabindex="-1">Not saved</div><label>')
    site.on("/log", lambda: (wrong.replace("{{ csrf_token() }}", "x"), 422))
    open_drawer(list_page)
    list_page.get_by_label("What was said").fill("Called")
    list_page.get_by_role("button", name="Save").click()
    expect(list_page.locator("#drawer [data-summary]")).to_be_focused()
    assert list_page.url.endswith("/page")
    assert site.posted[0]["text"] == "Called"


def test_looking_something_up_never_stops_a_form_that_is_being_saved(list_page, site):
    looked_up = threading.Event()
    site.on("/check", lambda: looked_up.set() or "-", "GET")
    site.on("/log", lambda: looked_up.wait(5) and "<p>saved</p>")
    part = PART.replace(
        "</label>", "</label><input aria-label='Find' hx-get='/check' hx-target='#note'>", 1
    )
    site.show("/log", "", part=part + '<p id="note"></p>')
    open_drawer(list_page)
    list_page.get_by_role("button", name="Save").click()
    list_page.get_by_label("Find", exact=True).dispatch_event("change")
    expect(list_page.locator("#drawer").get_by_text("saved")).to_be_visible()


def test_the_server_closes_the_drawer_when_it_has_saved(list_page, site):
    events = {"drawer-close": True, "toast": {"text": "Saved"}}
    site.on("/log", lambda: Response("", 200, {"HX-Trigger": json.dumps(events)}))
    open_drawer(list_page)
    list_page.get_by_role("button", name="Save").click()
    expect(list_page.locator("#drawer")).to_be_hidden()
    expect(list_page.locator("#toasts")).to_contain_text("Saved")
    expect(list_page.get_by_role("link", name="Log follow-up")).to_be_focused()


def test_cancel_closes_it_and_stays_on_the_page(list_page):
    open_drawer(list_page)
    list_page.get_by_role("link", name="Cancel").click()
    expect(list_page.locator("#drawer")).to_be_hidden()
    assert list_page.url.endswith("/page")


def test_the_focus_returns_to_the_button_of_the_menu_it_came_from(desk, site):
    site.show("/page", "{{ head('Page') }}")
    site.show("/customers/new", "", part=PART)
    desk.goto("/page")
    desk.locator("[data-new]").click()
    desk.locator("#new-menu a").click()
    expect(desk.locator("#drawer #form")).to_be_visible()
    expect(desk.locator("#new-menu")).to_be_hidden()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-new]")).to_be_focused()


def test_what_cannot_be_fetched_closes_the_drawer_and_says_why(desk, site):
    site.show("/page", "{{ btn('Look', href='/gone', data_drawer=true) }}")
    desk.goto("/page")
    desk.get_by_role("link", name="Look").click()
    expect(desk.locator(".toast-c.error")).to_contain_text("no longer here")
    expect(desk.locator("#drawer")).to_be_hidden()


def test_what_fails_inside_leaves_the_drawer_and_what_was_typed(list_page, site):
    find = "</label><input aria-label='Find' hx-get='/gone' hx-target='#note'><p id='note'></p>"
    site.show("/log", "", part=PART.replace("</label>", find, 1))
    site.on("/log", lambda: ("", 500))
    open_drawer(list_page)
    list_page.get_by_label("What was said").fill("Called")
    list_page.get_by_label("Find", exact=True).dispatch_event("change")
    expect(list_page.locator(".toast-c.error")).to_contain_text("no longer here")
    list_page.get_by_role("button", name="Save").click()
    expect(list_page.locator(".toast-c.error").last).to_contain_text("did not work")
    expect(list_page.get_by_label("What was said")).to_have_value("Called")


def test_a_press_beside_it_closes_it(list_page):
    open_drawer(list_page)
    list_page.mouse.click(200, 400)
    expect(list_page.locator("#drawer")).to_be_hidden()


def test_a_link_inside_shows_its_page_in_the_same_drawer(desk, site):
    site.show("/page", "{{ btn('Look', href='/look', data_drawer=true) }}")
    site.show(
        "/look", "", part="{% call glance('Riverton') %}{{ act('Edit', '/log') }}{% endcall %}"
    )
    site.show("/log", "", part=PART)
    desk.goto("/page")
    desk.get_by_role("link", name="Look").click()
    expect(desk.locator("#drawer-title")).to_have_text("Riverton")
    desk.locator("#drawer").get_by_role("link", name="Edit").click()
    expect(desk.locator("#drawer-title")).to_have_text("Log follow-up")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("link", name="Look")).to_be_focused()


@pytest.mark.parametrize("lines", [1, 80])
def test_its_last_line_stays_at_the_bottom_however_long_the_form_is(desk, site, lines):
    site.show("/page", "{{ btn('Log follow-up', href='/log', data_drawer=true) }}")
    site.show("/log", "", part=PART.replace("<label>", "<p>line</p>" * lines + "<label>"))
    desk.goto("/page")
    open_drawer(desk)
    box = desk.locator("#drawer .form-end").bounding_box()
    assert box["y"] + box["height"] == 900


def test_fields_with_the_same_name_on_the_page_and_in_the_drawer_keep_their_labels(desk, site):
    field = (
        '<label for="text">{}</label> <input id="text" name="text" aria-describedby="text-below">'
    )
    hint = '<p id="text-below">{}</p>'
    site.show("/page", field.format("Below") + "{{ btn('Look', href='/look', data_drawer=true) }}")
    site.show("/look", "", part=f"<form>{field.format('Inside')}{hint.format('a hint')}</form>")
    desk.goto("/page")
    desk.get_by_role("link", name="Look").click()
    desk.locator("#drawer").get_by_text("Inside").click()
    expect(desk.locator("#drawer input")).to_be_focused()
    expect(desk.locator("#drawer input")).to_have_accessible_description("a hint")
    desk.keyboard.press("Escape")
    desk.get_by_text("Below").click()
    expect(desk.locator("#main input")).to_be_focused()


def test_on_a_phone_it_takes_the_whole_width(phone, site):
    site.show("/page", "{{ btn('Log follow-up', href='/log', data_drawer=true) }}")
    site.show("/log", "", part=PART)
    phone.goto("/page")
    phone.get_by_role("link", name="Log follow-up").tap()
    expect(phone.locator("#drawer #form")).to_be_visible()
    assert phone.locator("#drawer").bounding_box()["width"] == 390


def test_the_drawer_is_whole_beside_a_scrollbar_that_takes_room(browser, chromium, site):
    site.show("/page", "<p class='empty-c'>{{ 'long ' * 4000 }}</p>")
    wide = browser.browser_type.launch(
        executable_path=chromium, args=["--no-sandbox"], ignore_default_args=["--hide-scrollbars"]
    )
    page = wide.new_page(base_url=site.address, viewport={"width": 390, "height": 844})
    page.goto("/page")
    room = page.evaluate("document.documentElement.clientWidth")
    assert room < 390
    page.evaluate("document.getElementById('drawer').showModal()")
    box = page.locator("#drawer").bounding_box()
    wide.close()
    assert (box["x"], box["width"]) == (0, room)
