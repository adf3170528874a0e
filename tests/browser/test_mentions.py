"""An @ in a note offers names; nothing is offered in what the customer reads."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

FORM = """
<form class="compose" id="form" method="post" action="/save">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <label><input type="radio" name="direction" value="out">Reply</label>
  <label><input type="radio" name="direction" value="note" checked>Note</label>
  <textarea name="content" aria-label="Text" data-mentions="names"></textarea>
  <datalist id="names"><option value="Ada Byron" data-find="byron"></option>
    <option value="周牧" data-find="zhoumu"></option></datalist>
</form>"""


@pytest.fixture
def text(desk, site):
    """The field in which a note is written."""
    site.show("/form", FORM, part=FORM)
    desk.goto("/form")
    until_fetched(desk, "mentions")
    return desk.get_by_label("Text", exact=True).first


def options(page):
    """What is offered."""
    return page.get_by_role("option")


def test_names_are_taken_by_keyboard(desk, text) -> None:
    text.press_sequentially("Please, @")
    expect(options(desk)).to_have_text(["Ada Byron", "周牧"])
    text.press("ArrowDown")
    text.press("Enter")
    expect(text).to_have_value("Please, @周牧 ")
    text.press_sequentially("and @byr")
    expect(options(desk)).to_have_text(["Ada Byron"])
    text.press("Tab")
    expect(text).to_have_value("Please, @周牧 and @Ada Byron ")
    expect(text).to_be_focused()


def test_escape_and_a_name_that_nobody_has_leave_what_is_written(desk, text) -> None:
    text.press_sequentially("@zhou")
    expect(options(desk)).to_have_text(["周牧"])
    text.press("Escape")
    expect(options(desk)).to_have_count(0)
    text.press("Enter")
    expect(text).to_have_value("@zhou\n")
    text.press_sequentially("@nobody")
    expect(options(desk)).to_have_count(0)


def test_what_the_customer_reads_offers_nobody(desk, text) -> None:
    desk.get_by_label("Reply").check()
    text.press_sequentially("@")
    expect(options(desk)).to_have_count(0)
    desk.get_by_label("Note").check()
    text.press_sequentially("a")
    expect(options(desk)).to_have_text(["Ada Byron"])
    options(desk).click()
    expect(text).to_have_value("@Ada Byron ")
