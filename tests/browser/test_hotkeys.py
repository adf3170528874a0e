"""Keys do what the overview says, and keep quiet while someone writes."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGE = """
<a href="/edited" data-edit>Change</a>
<button type="button" data-key="l" data-count>Log</button>
<button type="button" data-key="f" popovertarget="only">Filter</button>
<div class="menu" id="only" popover><a href="/edited">Severe</a></div>
<form class="form" id="form" method="post" action="/saved">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <textarea aria-label="Note" name="note"></textarea>
  <button class="btn" type="submit" name="how" value="save">Save</button>
  <button class="btn" type="submit" name="how" value="next">Save and next</button>
</form>
<form class="path" method="post" action="/stage">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <button class="btn" type="submit" name="stage" value="lead">Lead</button>
  <input type="checkbox" aria-label="Pick">
</form>"""
COMPOSING = """key => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""


@pytest.fixture
def page(desk, site):
    """A page with a form."""
    site.show("/page", PAGE)
    site.show("/customers", "<h1>Customers</h1>")
    site.show("/edited", "<h1>Edited</h1>")
    site.on("/saved", lambda: "saved")
    site.on("/stage", lambda: "moved")
    desk.goto("/page")
    return desk


def test_slash_goes_to_the_search(page):
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    expect(page.locator("[data-search]")).to_have_value("")


def test_n_opens_what_can_be_created(page):
    page.keyboard.press("n")
    expect(page.locator("#new-menu a").first).to_be_focused()


def test_question_mark_shows_the_overview_and_esc_closes_it(page):
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    expect(page.locator("#shortcuts")).to_contain_text("Go to Customers")
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_g_and_a_letter_go_to_a_page(page):
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


def test_e_edits_the_record_of_the_page(page):
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Edited")).to_be_visible()


def test_a_page_gives_a_button_a_key_of_its_own(page):
    page.evaluate(
        "document.querySelector('[data-count]')"
        ".addEventListener('click', event => event.target.textContent = 'Pressed')"
    )
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Pressed")).to_be_visible()


def test_a_key_that_opens_a_menu_leads_to_its_first_line(page):
    page.keyboard.press("f")
    expect(page.get_by_role("link", name="Severe")).to_be_focused()


def test_ctrl_enter_saves_the_form_one_is_in(page, site):
    page.get_by_label("Note").fill("Called")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_have_text("saved")
    assert site.posted[0]["note"] == "Called"
    assert site.posted[0]["how"] == "save"


def test_ctrl_enter_presses_the_button_one_is_on(page, site):
    page.get_by_role("button", name="Save and next").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_have_text("saved")
    assert site.posted[0]["how"] == "next"


def test_ctrl_enter_chooses_nothing_from_a_row_of_actions(page, site):
    page.get_by_label("Pick").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_label("Note").fill("Called")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_have_text("saved")
    assert [sent.get("stage") for sent in site.posted] == [None]


def test_ctrl_k_opens_the_commands_also_while_typing(page):
    page.get_by_label("Note").focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()


def test_single_keys_are_text_while_someone_types(page):
    page.get_by_label("Note").focus()
    for key in "/n?elgc":
        page.keyboard.press(key)
    expect(page.get_by_label("Note")).to_have_value("/n?elgc")
    expect(page.locator("dialog[open], .menu:popover-open")).to_have_count(0)


def test_keys_rest_while_chinese_is_composed(page):
    for key in "ne?":
        page.evaluate(COMPOSING, key)
    page.get_by_label("Note").focus()
    page.evaluate(COMPOSING, "Enter")
    expect(page.locator("dialog[open], .menu:popover-open")).to_have_count(0)
    assert page.url.endswith("/page")


def test_keys_with_alt_are_left_to_the_browser(page):
    for key in ("Alt+e", "Alt+n", "Alt+?", "Control+Alt+k"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open], .menu:popover-open")).to_have_count(0)
    assert page.url.endswith("/page")


def test_single_keys_rest_while_a_dialog_is_open(page):
    page.keyboard.press("?")
    page.keyboard.press("n")
    expect(page.locator("#new-menu")).to_be_hidden()


def test_single_keys_can_be_switched_off_for_good(page):
    page.keyboard.press("?")
    page.locator("[data-hotkeys]").uncheck()
    page.reload()
    page.keyboard.press("n")
    expect(page.locator("#new-menu")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
