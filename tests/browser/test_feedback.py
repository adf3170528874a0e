"""Nobody is left wondering what became of a click."""

import threading

import pytest
from flask import Response
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FORM = """
<form class="form" id="form" method="post" action="/save" hx-post="/save" hx-target="this" hx-swap="outerHTML">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <label>Name <input class="form-control" name="name"></label>
  <button class="btn" type="submit" name="how" value="full">Save</button>
</form>"""

PRESS_THRICE = """() => new Promise((done) => {
  const button = document.querySelector("#form button");
  button.click();
  setTimeout(() => {
    button.click();
    button.click();
    done(button.getAttribute("aria-busy"));
  }, 100);
})"""


@pytest.fixture
def form(desk, site):
    """A page with a form, and something typed in it."""
    site.show("/form", FORM)
    desk.goto("/form")
    desk.get_by_label("Name").fill("Riverton 瑞丰")
    return desk


def save(page):
    """Press the form's button."""
    page.get_by_role("button", name="Save").click()


REFUSALS = {
    403: "You may not do this",
    404: "no longer here",
    413: "too large",
    429: "Too many at once",
    500: "did not work",
}


def test_a_refused_request_is_said_and_nothing_typed_is_lost(form, site):
    for status, words in REFUSALS.items():
        site.on("/save", lambda status=status: ("", status))
        save(form)
        expect(form.locator(".toast-c.error").last).to_contain_text(words)
        expect(form.get_by_label("Name")).to_have_value("Riverton 瑞丰")


def test_the_servers_own_words_are_told(form, site):
    site.on("/save", lambda: ('<p data-wrong="The disk is full. Nothing was changed.">', 507))
    save(form)
    expect(form.locator(".toast-c.error")).to_contain_text("The disk is full.")


def test_a_message_that_comes_with_a_refusal_is_the_only_one(form, site):
    headers = {"HX-Trigger": '{"toast": {"text": "Ask a manager", "kind": "error"}}'}
    site.on("/save", lambda: Response("", 403, headers))
    save(form)
    expect(form.locator(".toast-c")).to_have_count(1)
    expect(form.locator(".toast-c.error")).to_contain_text("Ask a manager")


def test_without_connection_one_is_told_so(form):
    form.context.set_offline(True)
    save(form)
    form.context.set_offline(False)
    expect(form.locator(".toast-c.error")).to_contain_text("Not saved: no connection.")
    expect(form.get_by_label("Name")).to_have_value("Riverton 瑞丰")
    expect(form.locator("form#form")).not_to_have_attribute("aria-busy", "true")


def test_wrong_fields_come_into_focus(form, site):
    wrong = '<form class="form" id="form"><div data-summary tabindex="-1">Not saved</div></form>'
    site.on("/save", lambda: (wrong, 422))
    save(form)
    expect(form.locator("[data-summary]")).to_be_focused()


def test_wrong_fields_come_into_focus_without_htmx(desk, site):
    site.show("/form", '<div data-summary tabindex="-1">Not saved</div>')
    desk.goto("/form")
    expect(desk.locator("[data-summary]")).to_be_focused()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_form_is_sent_once_however_often_it_is_pressed(desk, site, htmx):
    answered = threading.Event()

    def slow():
        answered.wait(3)
        return "<p>saved</p>"

    site.on("/save", slow)
    site.show("/form", FORM if htmx else FORM.replace("hx-post", "data-x"))
    desk.goto("/form")
    busy = desk.evaluate(PRESS_THRICE)
    answered.set()
    assert busy == "true"
    expect(desk.get_by_text("saved")).to_be_visible()
    assert [sent["how"] for sent in site.posted] == ["full"]


def test_after_a_download_the_form_can_be_sent_again(timed, site):
    file = {"Content-Disposition": "attachment; filename=list.csv"}
    site.on("/save", lambda: Response("name", 200, file))
    site.show("/form", FORM.replace("hx-post", "data-x"))
    timed.goto("/form")
    for _ in range(2):
        with timed.expect_download():
            save(timed)
        expect(timed.locator("#form")).to_have_attribute("aria-busy", "true")
        timed.clock.fast_forward(6000)
        expect(timed.locator("#form")).not_to_have_attribute("aria-busy", "true")
    assert len(site.posted) == 2


def test_whoever_goes_back_to_a_form_that_was_sent_can_send_it_again(desk, site):
    site.on("/save", lambda: ("", 204))
    site.show("/form", FORM.replace("hx-post", "data-x"))
    desk.goto("/form")
    save(desk)
    expect(desk.locator("#form")).to_have_attribute("aria-busy", "true")
    desk.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert desk.locator("[aria-busy]").count() == 0, "at once, not when a download would be over"


def test_focus_stays_where_it_was_after_a_swap(desk, site):
    rows = '<div id="rows">{% for n in "ab" %}<a href="/x?{{ n }}" hx-get="/rows" hx-target="#rows" hx-swap="outerHTML">Row {{ n }}</a> {% endfor %}</div>'
    site.show("/rows", rows, part=rows)
    desk.goto("/rows")
    desk.evaluate("document.querySelector('#rows').dataset.old = 'yes'")
    desk.get_by_role("link", name="Row b").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#rows")).not_to_have_attribute("data-old", "yes")
    expect(desk.get_by_role("link", name="Row b")).to_be_focused()


def test_focus_goes_to_what_took_the_place_of_a_vanished_button(desk, site):
    site.show("/case", "<div id='case'>{{ post('/close', 'Close it', target='#case') }}</div>")
    site.on("/close", lambda: '<div id="case">Closed</div>')
    desk.goto("/case")
    desk.get_by_role("button", name="Close it").click()
    expect(desk.locator("#case")).to_be_focused()


def test_tabs_stay_scrolled_after_a_swap(phone, site):
    part = """<div id="list">{{ tabs(views, "Views", "#list") }}</div>"""
    views = [{"label": f"Saved view {n}", "url": "/list", "current": n == 0} for n in range(12)]
    site.show("/list", part, part=part, views=views)
    phone.goto("/list")
    phone.locator(".tabs a").last.scroll_into_view_if_needed()
    before = phone.locator(".tabs").evaluate("row => row.scrollLeft")
    phone.evaluate("document.querySelector('#list').dataset.old = 'yes'")
    phone.locator(".tabs a").last.click()
    expect(phone.locator("#list")).not_to_have_attribute("data-old", "yes")
    assert before > 100
    assert abs(phone.locator(".tabs").evaluate("row => row.scrollLeft") - before) < 2
