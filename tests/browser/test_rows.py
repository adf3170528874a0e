"""A list is worked through by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

LIST = """
{% call table("Customers", id="list", quick="/quick", edit="/edit") %}
<thead role="rowgroup"><tr role="row">{{ th_pick() }}{{ th("Name") }}</tr></thead>
<tbody role="rowgroup">
  {% for number in ["C1", "C2", "C3"] %}
  <tr role="row" data-row="{{ number }}"><td role="cell">{{ pick(number, number) }}</td>
    <td role="cell" class="k1 cut"><a class="name" href="/customers/{{ number }}">Customer {{ number }}</a></td></tr>
  {% endfor %}
</tbody>
{% endcall %}
"""
PAGE = (
    LIST
    + "{{ row_acts() }}<input aria-label='Note'>"
    + "<button hx-get='/customers' hx-target='#list' hx-swap='outerHTML'>Again</button>"
)


@pytest.fixture
def rows(desk, site):
    """A list of three customers."""
    site.show("/customers", PAGE, part=LIST)
    for number in ("C1", "C2", "C3"):
        site.show(f"/customers/{number}", f"<h1>{number}</h1>")
        for what in ("quick", "edit"):
            part = f'<div id="part" data-title="{what} {number}">-</div>'
            site.show(f"/customers/{number}/{what}", part, part=part)
    desk.goto("/customers")
    until_fetched(desk, "rows")
    return desk


def press(page, *keys):
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_j_and_k_move_and_enter_opens(rows):
    press(rows, "j", "j", "j", "j", "k")
    expect(rows.locator("tr.at")).to_have_attribute("data-row", "C2")
    expect(rows.get_by_role("link", name="Customer C2")).to_be_focused()
    press(rows, "Enter")
    expect(rows.get_by_role("heading", name="C2")).to_be_visible()


@pytest.mark.parametrize(("key", "what"), [("o", "quick"), ("e", "edit")])
def test_o_looks_and_e_edits_in_the_drawer(rows, key, what):
    press(rows, "j", "j", key)
    expect(rows.locator("#drawer-title")).to_have_text(f"{what} C2")
    press(rows, "Escape")
    expect(rows.get_by_role("link", name="Customer C2")).to_be_focused()


def test_x_selects_the_row(rows):
    press(rows, "j", "x")
    expect(rows.locator("[data-row=C1] .pick")).to_be_checked()
    press(rows, "x")
    expect(rows.locator("[data-row=C1] .pick")).not_to_be_checked()


def test_a_button_of_the_row_has_a_key_of_its_own_and_the_next_row_moves_up(rows):
    rows.evaluate(
        """() => {
          const row = document.querySelector("[data-row=C2]");
          const button = document.createElement("button");
          button.dataset.rowKey = "t";
          button.addEventListener("click", () => row.remove());
          row.lastElementChild.append(button);
        }"""
    )
    press(rows, "t", "j", "t")
    expect(rows.locator("[data-row]")).to_have_count(3)
    press(rows, "j", "t")
    expect(rows.locator("[data-row=C2]")).to_have_count(0)
    press(rows, "j")
    expect(rows.locator("tr.at")).to_have_attribute("data-row", "C3")


def test_keys_are_letters_while_someone_types(rows):
    rows.get_by_label("Note").focus()
    press(rows, "j", "x", "e")
    expect(rows.get_by_label("Note")).to_have_value("jxe")
    expect(rows.locator("tr.at")).to_have_count(0)


def test_the_cursor_survives_a_swap(rows):
    press(rows, "j", "j")
    rows.evaluate("document.querySelector('#list').dataset.old = 'yes'")
    rows.get_by_role("button", name="Again").click()
    expect(rows.locator("#list")).not_to_have_attribute("data-old", "yes")
    expect(rows.locator("tr.at")).to_have_attribute("data-row", "C2")
    press(rows, "j")
    expect(rows.locator("tr.at")).to_have_attribute("data-row", "C3")


def test_the_row_pointed_at_offers_quick_view(rows):
    rows.get_by_role("link", name="Customer C3").hover()
    rows.locator("[data-row=C3]").get_by_role("button", name="Quick view").click()
    expect(rows.locator("#drawer-title")).to_have_text("quick C3")


def test_a_click_beside_the_name_opens_nothing(rows):
    rows.locator("[data-row=C2] td").nth(1).click(position={"x": 400, "y": 10})
    assert rows.url.endswith("/customers")
    expect(rows.locator("#drawer")).to_be_hidden()


def test_who_comes_back_finds_the_row_they_left_from(rows):
    press(rows, "j", "j", "Enter")
    expect(rows.get_by_role("heading", name="C2")).to_be_visible()
    rows.goto("/customers")
    until_fetched(rows, "rows")
    expect(rows.locator("tr.at")).to_have_attribute("data-row", "C2")
    press(rows, "j")
    expect(rows.locator("tr.at")).to_have_attribute("data-row", "C3")


def test_the_list_of_keys_has_those_that_work_on_the_page(rows):
    press(rows, "?")
    expect(rows.locator("#shortcuts").get_by_text("Quick view")).to_be_visible()
    expect(rows.locator("#shortcuts").get_by_text("Select the row")).to_be_visible()
    expect(rows.locator("#shortcuts").get_by_text("Take the case")).to_be_hidden()
    expect(rows.locator("#shortcuts").get_by_text("Filter the list")).to_be_hidden()
