"""What browsers leave open is closed: exact times by touch, older browsers, menus, dialogs."""

from datetime import datetime

import pytest
from flask import request
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

AT = datetime(2026, 11, 18, 10, 20)  # noqa: DTZ001 - only shown
WITHOUT_COMMANDS = "delete HTMLButtonElement.prototype.commandForElement"


def test_a_tap_shows_the_exact_time(phone, site):
    site.show("/page", "<p>{{ when(at) }}</p><p>Elsewhere</p>", at=AT)
    phone.goto("/page")
    until_fetched(phone, "moments")
    phone.get_by_text("6 days ago").tap()
    expect(phone.locator(".bubble")).to_have_text("18 Nov 2026")
    phone.get_by_text("Elsewhere").tap()
    expect(phone.locator(".bubble")).to_have_count(0)


def test_focus_shows_it_too_and_esc_hides_it(desk, site):
    site.show("/page", "<p>{{ when(at, stop=true) }}</p>", at=AT)
    desk.goto("/page")
    until_fetched(desk, "moments")
    desk.get_by_text("6 days ago").focus()
    expect(desk.locator(".bubble")).to_have_text("18 Nov 2026")
    desk.keyboard.press("Escape")
    expect(desk.locator(".bubble")).to_have_count(0)


def test_dialogs_open_and_close_in_browsers_without_command_buttons(desk, site):
    site.show("/page", "{{ head('Page') }}")
    desk.add_init_script(WITHOUT_COMMANDS)
    desk.goto("/page")
    desk.evaluate(
        "document.querySelectorAll('[command]').forEach(button => button.replaceWith(button.cloneNode(true)))"
    )
    desk.locator("[popovertarget=person-menu]").click()
    desk.get_by_role("button", name="Keyboard shortcuts").click()
    expect(desk.locator("#shortcuts")).to_be_visible()
    desk.locator("#shortcuts").get_by_role("button", name="Close").click()
    expect(desk.locator("#shortcuts")).to_be_hidden()


def test_marking_text_beyond_the_edge_of_a_dialog_does_not_close_it(desk, site):
    site.show("/page", "{{ head('Page') }}")
    desk.goto("/page")
    desk.keyboard.press("?")
    box = desk.locator("#shortcuts dt").first.bounding_box()
    desk.mouse.move(box["x"] + 5, box["y"] + 5)
    desk.mouse.down()
    desk.mouse.move(20, 500)
    desk.mouse.up()
    expect(desk.locator("#shortcuts")).to_be_visible()
    desk.mouse.click(20, 500)
    expect(desk.locator("#shortcuts")).to_be_hidden()


def test_a_tap_beside_a_dialog_closes_it_and_presses_nothing_below(phone, site):
    below = '<a class="btn" href="/elsewhere">Below</a>'
    dialog = '<dialog id="small"><p>Here</p></dialog>'
    site.show("/page", below + dialog)
    site.show("/elsewhere", "<h1>Elsewhere</h1>")
    phone.goto("/page")
    phone.evaluate("document.getElementById('small').showModal()")
    box = phone.get_by_text("Below").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    inside = phone.locator("#small").bounding_box()
    assert not inside["y"] < y < inside["y"] + inside["height"]
    phone.touchscreen.tap(x, y)
    expect(phone.locator("#small")).to_be_hidden()
    phone.wait_for_timeout(300)
    assert phone.url.endswith("/page")
    phone.get_by_text("Below").tap()
    expect(phone.get_by_role("heading", name="Elsewhere")).to_be_visible()


def test_after_a_press_beside_a_dialog_keys_press_what_they_mean(desk, site):
    site.show("/page", '<a class="btn" href="/elsewhere">Below</a>')
    site.show("/elsewhere", "<h1>Elsewhere</h1>")
    desk.goto("/page")
    desk.keyboard.press("?")
    desk.mouse.move(20, 500)
    desk.mouse.down()
    expect(desk.locator("#shortcuts")).to_be_hidden()
    desk.get_by_text("Below").press("Enter")
    expect(desk.get_by_role("heading", name="Elsewhere")).to_be_visible()


def test_what_is_chosen_in_a_menu_closes_it(desk, site):
    menu = "{% call menu('more', 'More') %}{{ menu_post('/star', 'Star', target='#state') }}{% endcall %}"
    site.show("/page", menu + '<p id="state">-</p>')
    site.on("/star", lambda: '<p id="state">Starred</p>')
    desk.goto("/page")
    desk.get_by_role("button", name="More").click()
    desk.get_by_role("button", name="Star").click()
    expect(desk.locator("#state")).to_have_text("Starred")
    expect(desk.locator("#more")).to_be_hidden()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_button_of_a_menu_sends_its_value(desk, site, by):
    button = '<button type="submit" name="day" value="{}">{}</button>'
    form = (
        "{% call menu('days', 'Another day') %}"
        '<form class="post" method="post" action="/day" hx-post="/day" hx-target="#state">'
        '<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">'
        + button.format("3", "Wednesday")
        + button.format("5", "Friday")
        + "</form>{% endcall %}"
    )
    site.show("/page", form + '<p id="state">-</p>')
    site.on("/day", lambda: f"Day {request.form.get('day')}")
    desk.goto("/page")
    desk.get_by_role("button", name="Another day").click()
    friday = desk.get_by_role("button", name="Friday")
    if by == "mouse":
        friday.click()
    else:
        friday.press("Enter")
    expect(desk.locator("#state")).to_have_text("Day 5")
    expect(desk.locator("#days")).to_be_hidden()


def test_a_choice_marked_so_sends_its_form(desk, site):
    form = (
        '<form action="/page"><select name="who" aria-label="Who" data-autosubmit>'
        "<option>me</option><option>team</option></select>"
        '<button class="btn no-js" type="submit">Show</button></form>'
    )
    site.show("/page", form)
    desk.goto("/page")
    expect(desk.get_by_role("button", name="Show")).to_be_hidden()
    desk.get_by_label("Who").select_option("team")
    desk.wait_for_url("**/page?who=team")


def test_the_current_stage_is_in_sight_on_a_phone(phone, site):
    path = '{% from "ui/record.html" import path %}{{ path(steps, "Stage") }}'
    steps = [
        {"key": str(n), "label": f"A long stage {n}", "state": "now" if n == 6 else "was"}
        for n in range(7)
    ]
    site.show("/page", path, steps=steps)
    phone.goto("/page")
    expect(phone.locator(".path [aria-current]")).to_be_in_viewport()
