"""Many rows are selected quickly, and it is always clear how many."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

LIST = """
{% call table("Customers", id="list") %}
<thead role="rowgroup"><tr role="row">{{ th_pick() }}{{ th("Name") }}</tr></thead>
<tbody role="rowgroup">
  {% for n in range(6) if n != without %}
  <tr role="row" data-row="{{ n }}"><td role="cell">{{ pick(n, "Customer %d" % n) }}</td>
    <td role="cell" class="k1"><a class="name" href="#c{{ n }}">Customer {{ n }}</a></td></tr>
  {% endfor %}
</tbody>
{% endcall %}
"""
PAGE = (
    "{{ pick_toggle() }}"
    "{% call menu('list-more', 'More', class='only-s') %}{{ pick_lines('10,000+', 'list-more') }}{% endcall %}"
    + LIST
    + "{{ row_acts() }}<button hx-get='/list' hx-target='#list' hx-swap='outerHTML'>Again</button>"
    + "{% call bulk('/bulk', total='10,000+', all_value='tier=core') %}"
    + "<button class='btn' type='submit' name='do' value='archive'>Archive</button>{% endcall %}"
)


@pytest.fixture
def rows(desk, site):
    """A list of six customers, of whom the third is gone when it is fetched again."""
    site.show("/list", PAGE, part=LIST.replace("without", "2"), without=-1)
    site.on("/bulk", lambda: "done")
    desk.goto("/list")
    until_fetched(desk, "picks")
    return desk


def box(page, number):
    """The box of one row."""
    return page.get_by_role("checkbox", name=f"Select Customer {number}")


def selected(page):
    """Values of the boxes that are ticked."""
    return page.locator(".pick:checked").evaluate_all("boxes => boxes.map(box => box.value)")


def test_the_bar_appears_with_the_first_row_and_says_how_many(rows):
    bar = rows.locator(".bulk")
    expect(bar).to_be_hidden()
    box(rows, 0).check()
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("1 selected")
    box(rows, 3).check()
    expect(bar).to_contain_text("2 selected")


def test_in_chinese_it_counts_in_chinese(desk, site):
    site.show("/list", PAGE, without=-1)
    desk.goto("/list?lang=zh")
    until_fetched(desk, "picks")
    desk.locator(".pick").first.check()
    expect(desk.locator(".bulk")).to_contain_text("已选 1 个")


def test_shift_selects_the_rows_between(rows):
    box(rows, 1).click()
    box(rows, 4).click(modifiers=["Shift"])
    assert selected(rows) == ["1", "2", "3", "4"]
    expect(rows.locator(".bulk")).to_contain_text("4 selected")


def test_the_box_above_selects_the_page_and_shows_a_part_as_a_part(rows):
    above = rows.get_by_role("checkbox", name="Select all on this page")
    above.check()
    assert len(selected(rows)) == 6
    box(rows, 5).uncheck()
    assert above.evaluate("box => box.indeterminate")
    above.click()
    assert len(selected(rows)) == 6


def test_clearing_takes_the_bar_away(rows):
    box(rows, 1).check()
    rows.get_by_role("button", name="Clear selection").click()
    assert selected(rows) == []
    expect(rows.locator(".bulk")).to_be_hidden()
    expect(rows.get_by_role("checkbox", name="Select all on this page")).to_be_focused()


def test_every_one_that_matches_is_sent_as_such(rows, site):
    box(rows, 1).check()
    rows.get_by_role("button", name="Select all 10,000+").click()
    expect(rows.locator(".bulk")).to_contain_text("All 10,000+ selected")
    rows.get_by_role("button", name="Archive").click()
    expect(rows.locator("body")).to_have_text("done")
    assert site.posted[0]["all"] == "tier=core"


def test_taking_one_away_means_no_longer_every_one(rows, site):
    box(rows, 1).check()
    rows.get_by_role("button", name="Select all 10,000+").click()
    box(rows, 1).uncheck()
    expect(rows.locator(".bulk")).to_contain_text("5 selected")
    rows.get_by_role("button", name="Archive").click()
    expect(rows.locator("body")).to_have_text("done")
    assert "all" not in site.posted[0]


def test_rows_that_are_still_there_stay_selected_after_a_swap(rows):
    for number in (1, 2, 3):
        box(rows, number).check()
    rows.get_by_role("button", name="Again").click()
    expect(box(rows, 2)).to_have_count(0)
    assert selected(rows) == ["1", "3"]
    expect(rows.locator(".bulk")).to_contain_text("2 selected")


def test_the_server_can_clear_the_selection(rows):
    box(rows, 1).check()
    rows.evaluate("document.dispatchEvent(new CustomEvent('rows-clear'))")
    assert selected(rows) == []


def test_on_a_phone_the_boxes_show_while_selecting(phone, site):
    site.show("/list", PAGE, part=LIST, without=-1)
    phone.goto("/list")
    until_fetched(phone, "picks")
    expect(box(phone, 1)).to_be_hidden()
    phone.get_by_role("button", name="Select", exact=True).tap()
    box(phone, 1).tap()
    expect(phone.locator(".bulk")).to_contain_text("1 selected")


def test_on_a_phone_all_rows_are_selected_from_the_menu(phone, site):
    site.show("/list", PAGE, part=LIST, without=-1)
    site.on("/bulk", lambda: "done")
    phone.goto("/list")
    until_fetched(phone, "picks")
    phone.get_by_role("button", name="More").tap()
    phone.get_by_role("button", name="Select all on this page").tap()
    expect(phone.locator("#list-more")).to_be_hidden()
    expect(phone.locator(".bulk")).to_contain_text("6 selected")
    phone.get_by_role("button", name="More").tap()
    phone.get_by_role("button", name="Select all 10,000+").tap()
    expect(phone.locator(".bulk")).to_contain_text("All 10,000+ selected")
    phone.get_by_role("button", name="Archive").tap()
    expect(phone.locator("body")).to_have_text("done")
    assert site.posted[0]["all"] == "tier=core"


def test_on_a_phone_no_buttons_cover_the_name_of_a_selected_row(phone, site):
    site.show("/list", PAGE, part=LIST, without=-1)
    phone.goto("/list")
    until_fetched(phone, "picks")
    until_fetched(phone, "rows")
    phone.get_by_role("button", name="Select", exact=True).tap()
    box(phone, 1).tap()
    box(phone, 1).focus()
    expect(phone.get_by_role("button", name="Quick view")).to_be_hidden()
