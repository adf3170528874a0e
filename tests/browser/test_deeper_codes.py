"""A code that is deeper than the list can be written in a long choice that takes such codes."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

FORM = """
<form class="form" id="form" method="post" action="/save">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <div><label class="form-label" for="industry">Industry</label>
  <select class="form-select" id="industry" name="industry" data-combobox data-deeper="[A-T]?[0-9]{3,4}">
    <option value="">–</option>
    <optgroup label="C Manufacturing">
      <option value="C">C Manufacturing</option>
      <option value="C35">C35 Special-purpose machinery</option>
    </optgroup>
  </select></div>
  <button class="btn" type="submit">Save</button>
</form>"""


def test_it_is_offered_under_the_entry_that_it_begins_with_and_sent(desk, site):
    site.show("/form", FORM, part=FORM)
    site.on("/save", lambda: "saved")
    desk.goto("/form")
    until_fetched(desk, "combobox")
    field, options = desk.get_by_role("combobox", name="Industry"), desk.get_by_role("option")
    for written in ("c3511", "3511", "Ｃ3511"):
        field.fill(written)
        expect(options).to_have_text(["C3511 Special-purpose machinery"])
    field.press("Enter")
    expect(field).to_have_value("C3511 Special-purpose machinery")
    assert desk.locator("#industry").input_value() == "C3511"
    field.fill("C99123")
    expect(options).to_have_text(["Nothing fits."])
    field.fill("")
    expect(options).to_have_count(4)  # of those written only the one that was taken stays
