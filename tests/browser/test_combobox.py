"""A long choice is found by writing any part of it; what is sent is still the select's value."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

FORM = """
<form class="form" id="form" method="post" action="/save">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <div><label class="form-label" for="industry">Industry</label>
  <select class="form-select" id="industry" name="industry" data-combobox>
    <option value="">–</option>
    <optgroup label="Manufacturing">
      <option value="C34" data-find="tongyong ty">C34 通用设备制造业</option>
      <option value="C38" data-find="dianqi dq">C38 电气机械和器材制造业</option>
    </optgroup>
    <optgroup label="Retail">
      <option value="F52" data-find="lingshou ls">F52 零售业</option>
      <option value="F53" disabled>F53 Closed</option>
    </optgroup>
  </select></div>
  <label>Note <input class="form-control" name="note"></label>
  <button class="btn" type="submit">Save</button>
  <a href="#industry">To the industry</a>
</form>"""


@pytest.fixture
def form(desk, site):
    """A page with a long choice."""
    site.show("/form", FORM, part=FORM)
    site.on("/save", lambda: "saved")
    desk.goto("/form")
    until_fetched(desk, "combobox")
    return desk


def field(page):
    """The field one writes in."""
    return page.get_by_role("combobox", name="Industry")


def options(page):
    """What is offered."""
    return page.get_by_role("option")


def test_it_is_found_by_name_code_pinyin_and_initials(form):
    for written in ("电气", "c38", "dianqi", "dq", "C38 机械", "３８"):
        field(form).fill("")
        field(form).fill(written)
        expect(options(form)).to_have_text(["C38 电气机械和器材制造业"])


def test_what_is_offered_is_text_whatever_a_choice_is_called(desk, site):
    site.show("/form", FORM.replace("F52 零售业", "F52 &lt;b&gt;零售&lt;/b&gt;"))
    desk.goto("/form")
    until_fetched(desk, "combobox")
    field(desk).fill("F52")
    expect(options(desk)).to_have_text(["F52 <b>零售</b>"])
    expect(options(desk).locator("b")).to_have_count(0)


def test_arrows_and_enter_choose_and_the_form_sends_the_value(form, site):
    field(form).press("ArrowDown")
    expect(field(form)).to_have_attribute("aria-expanded", "true")
    field(form).press("ArrowDown")
    field(form).press("ArrowDown")
    chosen = form.locator("[role=option].at")
    expect(chosen).to_have_text("C38 电气机械和器材制造业")
    expect(field(form)).to_have_attribute(
        "aria-activedescendant", chosen.get_attribute("id") or "?"
    )
    field(form).press("Enter")
    expect(field(form)).to_have_value("C38 电气机械和器材制造业")
    expect(field(form)).to_have_attribute("aria-expanded", "false")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("body")).to_have_text("saved")
    assert site.posted[0]["industry"] == "C38"


def test_a_click_chooses_and_tells_the_page(form):
    form.evaluate(
        "document.addEventListener('change', e => document.title = `${e.target.name} ${e.target.value}`)"
    )
    field(form).click()
    options(form).filter(has_text="零售").click()
    expect(form).to_have_title("industry F52")
    expect(form.locator(".combo-list")).to_be_hidden()


def test_options_stand_in_their_groups_and_disabled_ones_are_left_out(form):
    field(form).click()
    expect(form.get_by_role("group", name="Retail").get_by_role("option")).to_have_text(
        ["F52 零售业"]
    )
    expect(form.get_by_role("group", name="Manufacturing").get_by_role("option")).to_have_count(2)


def test_esc_takes_back_what_was_written_and_no_more(form):
    field(form).fill("零售")
    field(form).press("Enter")
    field(form).fill("nothing like it")
    expect(options(form)).to_have_text(["Nothing fits."])
    field(form).press("Escape")
    expect(field(form)).to_have_value("F52 零售业")
    expect(form.locator("#industry")).to_have_value("F52")


def test_esc_closes_the_list_before_the_drawer(desk, site):
    site.show("/page", "{{ btn('New', href='/form', data_drawer=true) }}")
    site.show("/form", FORM, part=FORM)
    desk.goto("/page")
    desk.locator("#main").get_by_role("link", name="New").click()
    until_fetched(desk, "combobox")
    field(desk).press("ArrowDown")
    field(desk).press("Escape")
    expect(desk.locator(".combo-list")).to_be_hidden()
    expect(desk.locator("#drawer")).to_be_visible()
    field(desk).press("Escape")
    expect(desk.locator("#drawer")).to_be_hidden()


def test_tab_takes_what_was_looked_for_and_goes_on(form):
    field(form).fill("零售")
    field(form).press("Tab")
    expect(form.locator("#industry")).to_have_value("F52")
    expect(form.get_by_label("Note")).to_be_focused()


@pytest.mark.parametrize("written", ["零售", "f52", "F52 零售业"])
def test_a_click_on_save_takes_what_was_written(form, site, written):
    field(form).fill(written)
    form.get_by_role("button", name="Save").click()
    expect(form.locator("body")).to_have_text("saved")
    assert site.posted[0]["industry"] == "F52"


def test_saving_by_key_takes_what_was_written(form, site):
    field(form).fill("零售")
    field(form).press("Control+Enter")
    expect(form.locator("body")).to_have_text("saved")
    assert site.posted[0]["industry"] == "F52"


def test_saving_by_key_takes_the_one_that_is_called_so_among_others(desk, site):
    site.show("/form", FORM.replace("C34 通用设备制造业", "Ann").replace("F52 零售业", "Anna"))
    site.on("/save", lambda: "saved")
    desk.goto("/form")
    until_fetched(desk, "combobox")
    field(desk).fill("ann")
    field(desk).press("Control+Enter")
    expect(desk.locator("body")).to_have_text("saved")
    assert site.posted[0]["industry"] == "C34"


def test_nothing_is_saved_by_key_while_it_is_open_what_was_meant(form, site):
    for written in ("制造业", "nothing like it"):
        field(form).fill(written)
        field(form).press("Control+Enter")
        expect(form.locator(".combo-list")).to_be_visible()
    assert site.posted == []
    field(form).fill("制造业")
    field(form).press("Enter")
    field(form).press("Control+Enter")
    expect(form.locator("body")).to_have_text("saved")
    assert site.posted[0]["industry"] == "C34"


def test_leaving_guesses_nothing(form):
    field(form).fill("制造业")
    form.get_by_label("Note").focus()
    expect(field(form)).to_have_value("")
    expect(form.locator("#industry")).to_have_value("")


def test_saving_by_key_an_emptied_field_means_none(form, site):
    field(form).fill("零售")
    field(form).press("Enter")
    field(form).fill("")
    field(form).press("Control+Enter")
    expect(form.locator("body")).to_have_text("saved")
    assert site.posted[0]["industry"] == ""


def test_an_emptied_field_means_none(form):
    field(form).fill("零售")
    field(form).press("Enter")
    field(form).fill("")
    form.get_by_label("Note").focus()
    expect(form.locator("#industry")).to_have_value("")
    expect(field(form)).to_have_value("")


def test_enter_that_ends_composing_chinese_chooses_nothing(form):
    field(form).fill("零售")
    form.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
           {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    expect(form.locator("#industry")).to_have_value("")
    expect(form.locator(".combo-list")).to_be_visible()


def test_links_and_labels_that_name_the_select_lead_to_the_field(form):
    form.get_by_text("Industry", exact=True).click()
    expect(field(form)).to_be_focused()
    form.get_by_label("Note").focus()
    form.get_by_role("link", name="To the industry").click()
    form.locator("#industry").focus()
    expect(field(form)).to_be_focused()


def test_resetting_the_form_resets_the_field(form):
    field(form).fill("零售")
    field(form).press("Enter")
    form.evaluate("document.querySelector('#form').reset()")
    expect(field(form)).to_have_value("")


def test_on_a_phone_it_works_by_touch(phone, site):
    site.show("/form", FORM)
    phone.goto("/form")
    until_fetched(phone, "combobox")
    field(phone).tap()
    options(phone).filter(has_text="通用").tap()
    expect(phone.locator("#industry")).to_have_value("C34")


UNDER = """list => {
  const { left, width, bottom } = list.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, bottom - 4)?.closest(".combo-list") === list;
}"""


def test_in_a_table_the_list_lies_above_the_rows(desk, site):
    row = f'<tr role="row"><td role="cell" class="k1">A</td><td class="k4">{FORM}</td></tr>'
    rest = '<tr role="row"><td role="cell" class="k1">B</td><td class="k4">C</td></tr>' * 9
    site.show("/form", f'<table class="tbl loose cards">{row}{rest}</table>')
    desk.goto("/form")
    until_fetched(desk, "combobox")
    field(desk).click()
    assert desk.locator(".combo-list").evaluate(UNDER)


def test_a_field_with_nothing_chosen_says_what_that_means(desk, site):
    site.show("/form", FORM.replace(">–<", ">leave out<"))
    desk.goto("/form")
    until_fetched(desk, "combobox")
    assert field(desk).get_attribute("placeholder") == "leave out"
