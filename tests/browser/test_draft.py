"""What someone has typed is not lost, and not kept longer than needed."""

import pytest
from flask import Response, redirect
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

FORM = """
<form class="form" id="form" method="post" action="/save" data-draft="customer-new">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <input type="hidden" name="version" value="{{ version }}">
  <label>Name <input class="form-control" name="name" value="{{ name }}"></label>
  <label>Note <textarea class="form-control" name="note"></textarea></label>
  <label>Mobile <input class="form-control" name="mobile" data-nodraft></label>
  <label>Word <input class="form-control" name="word" type="password"></label>
  <label><input type="radio" name="kind" value="company" checked> Company</label>
  <label><input type="radio" name="kind" value="person"> Person</label>
  <label>Source <select class="form-select" name="source"><option value="a">Fair</option><option value="b">Friend</option></select></label>
  <button class="btn" type="submit">Save</button>
</form>"""
HTMX = FORM.replace("data-draft", 'hx-post="/save" hx-target="this" hx-swap="outerHTML" data-draft')


@pytest.fixture
def form(desk, site):
    """A page with a form that keeps a draft."""
    site.show("/form", FORM, version=3, name="")
    open_form(desk)
    return desk


def open_form(page):
    """Go to the form, and wait until it would have been filled again."""
    page.goto("/form")
    until_fetched(page, "draft")


def write(page):
    """Fill in everything."""
    page.get_by_label("Name").fill("Riverton 瑞丰")
    page.get_by_label("Note").fill("Called twice")
    page.get_by_label("Mobile").fill("13800138000")
    page.get_by_label("Word").fill("secret words")
    page.get_by_label("Person").check()
    page.get_by_label("Source").select_option("Friend")


def kept(page):
    """All that is kept in this tab, as text."""
    return page.evaluate(
        "Object.entries(sessionStorage).filter(([name]) => name.startsWith('crmlite')).join('; ')"
    )


def test_a_reload_brings_back_what_was_typed_and_says_so(form):
    write(form)
    form.reload()
    expect(form.locator("#toasts")).to_contain_text("What you typed earlier is back.")
    expect(form.get_by_label("Name")).to_have_value("Riverton 瑞丰")
    expect(form.get_by_label("Note")).to_have_value("Called twice")
    expect(form.get_by_label("Person")).to_be_checked()
    expect(form.get_by_label("Source")).to_have_value("b")


def test_what_is_sensitive_is_never_kept(form):
    write(form)
    assert "13800138000" not in kept(form)
    assert "secret words" not in kept(form)
    form.reload()
    expect(form.get_by_label("Name")).to_have_value("Riverton 瑞丰")
    expect(form.get_by_label("Mobile")).to_have_value("")
    expect(form.get_by_label("Word")).to_have_value("")


def test_it_can_be_discarded(form):
    write(form)
    form.reload()
    form.get_by_role("button", name="Discard it").click()
    expect(form.get_by_label("Name")).to_have_value("")
    expect(form.get_by_label("Company")).to_be_checked()
    assert kept(form) == ""


def test_a_form_that_was_left_as_it_was_says_nothing(form):
    form.reload()
    until_fetched(form, "draft")
    expect(form.locator(".toast-c")).to_have_count(0)


@pytest.mark.parametrize("body", [FORM, HTMX])
def test_saving_forgets_the_draft(desk, site, body):
    site.show("/form", body, version=3, name="")
    site.show("/saved", "{{ head('Saved') }}")
    site.on("/save", lambda: redirect("/saved", 303))
    open_form(desk)
    write(desk)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", name="Saved")).to_be_visible()
    until_fetched(desk, "draft")
    assert kept(desk) == ""
    open_form(desk)
    expect(desk.get_by_label("Name")).to_have_value("")


def test_saving_that_leads_to_another_page_forgets_the_draft(desk, site):
    site.show("/form", HTMX, version=3, name="")
    site.show("/saved", "{{ head('Saved') }}")
    site.on("/save", lambda: Response("", 200, {"HX-Redirect": "/saved"}))
    open_form(desk)
    write(desk)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", name="Saved")).to_be_visible()
    assert kept(desk) == ""


def test_an_ended_session_keeps_the_draft(desk, site):
    site.show("/form", HTMX, version=3, name="")
    site.show("/sign-in", "<h1>Sign in</h1>", frame="plain.html")
    site.on("/save", lambda: Response("", 401, {"HX-Redirect": "/sign-in"}))
    open_form(desk)
    write(desk)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", name="Sign in")).to_be_visible()
    open_form(desk)
    expect(desk.get_by_label("Note")).to_have_value("Called twice")


def test_a_page_that_shows_the_same_form_after_saving_shows_it_empty(form, site):
    site.on("/save", lambda: redirect("/form", 303))
    write(form)
    with form.expect_navigation():
        form.get_by_role("button", name="Save").click()
    until_fetched(form, "draft")
    expect(form.get_by_label("Name")).to_have_value("")
    assert kept(form) == ""


def test_an_error_page_loses_nothing(form, site):
    site.show("/wrong", '<div data-wrong="The book is busy.">Busy</div>')
    site.on("/save", lambda: (site.handlers["GET", "/wrong"](), 503))
    write(form)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Busy")).to_be_visible()
    until_fetched(form, "draft")
    open_form(form)
    expect(form.get_by_label("Note")).to_have_value("Called twice")


def test_without_connection_the_typing_stays_and_comes_back(desk, site):
    site.show("/form", HTMX, version=3, name="")
    open_form(desk)
    write(desk)
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".toast-c.error")).to_contain_text("Not saved")
    desk.context.set_offline(False)
    desk.reload()
    expect(desk.get_by_label("Name")).to_have_value("Riverton 瑞丰")


def test_the_version_typed_over_comes_back_too(form, site):
    write(form)
    site.show("/form", FORM, version=4, name="Changed by Daniel")
    open_form(form)
    expect(form.get_by_label("Name")).to_have_value("Riverton 瑞丰")
    expect(form.locator("[name=version]")).to_have_value("3")
    form.get_by_role("button", name="Discard it").click()
    expect(form.get_by_label("Name")).to_have_value("Changed by Daniel")
    expect(form.locator("[name=version]")).to_have_value("4")


def test_nobody_sees_the_draft_of_somebody_else(form, site):
    write(form)
    site.login = "daniel"
    open_form(form)
    expect(form.get_by_label("Name")).to_have_value("")
    assert "Riverton" not in kept(form)


def test_the_draft_of_somebody_else_is_gone_with_the_first_page_of_the_next_one(form, site):
    write(form)
    site.login = "daniel"
    site.show("/page", "{{ head('Page') }}")
    form.goto("/page")
    form.wait_for_function(
        "() => !Object.keys(sessionStorage).some((name) => name.startsWith('crmlite.draft.'))"
    )


def test_signing_out_forgets_everything(form, site):
    site.on("/sign-out", lambda: "bye")
    write(form)
    form.locator("[popovertarget=person-menu]").click()
    form.get_by_role("button", name="Sign out").click()
    expect(form.locator("body")).to_have_text("bye")
    assert kept(form) == ""


def test_closing_the_drawer_keeps_what_was_typed(desk, site):
    site.show("/page", "{{ btn('Log', href='/form', data_drawer=true) }}")
    site.show("/form", FORM, part=FORM, version=3, name="")
    desk.goto("/page")
    for _ in range(2):
        desk.get_by_role("link", name="Log").click()
        until_fetched(desk, "draft")
        expect(desk.get_by_label("Note")).to_be_visible()
        if desk.get_by_label("Note").input_value() == "":
            desk.get_by_label("Note").fill("Called twice")
        desk.keyboard.press("Escape")
    desk.get_by_role("link", name="Log").click()
    expect(desk.get_by_label("Note")).to_have_value("Called twice")


def test_a_form_with_a_place_for_it_says_that_a_draft_is_back(desk, site):
    note = "<div data-draft-note hidden>Back. <button type='button' data-draft-drop>Afresh</button></div>"
    site.show(
        "/form",
        FORM.replace('<input type="hidden"', note + '<input type="hidden"', 1),
        version=3,
        name="",
    )
    open_form(desk)
    expect(desk.get_by_text("Back.")).to_be_hidden()
    desk.get_by_label("Name").fill("Riverton")
    open_form(desk)
    expect(desk.get_by_text("Back.")).to_be_visible()
    expect(desk.get_by_label("Name")).to_have_value("Riverton")
    desk.get_by_role("button", name="Afresh").click()
    expect(desk.get_by_label("Name")).to_have_value("")
    expect(desk.get_by_text("Back.")).to_be_hidden()
