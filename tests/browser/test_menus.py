"""Menus stay on the screen, and long ones can be searched."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

LIST = """
{% call table("Customers", id="list") %}<tbody role="rowgroup"><tr role="row" data-row="1"><td role="cell">{{ pick("1", "One") }}</td></tr></tbody>{% endcall %}
{% call bulk("/bulk") %}{% call menu("tags", "Tags", "tag", "btn-quiet", text="Tags", sift="Find a tag") %}<p class="menu-h meta">Add</p>
{% for n in range(80) %}<button type="submit" name="tag" value="{{ n }}" data-find="标签{{ n }}">Tag {{ n }}</button>{% endfor %}
<p class="menu-h meta">Take away</p><button type="submit" name="tag" value="x">Other</button>{% endcall %}{% endcall %}"""


@pytest.fixture
def opened(site):
    """Opens the menu of the bar over a list."""
    site.show("/page", LIST)
    site.on("/bulk", lambda: "")

    def show(page):
        page.goto("/page")
        page.evaluate("document.querySelector('.tbl').classList.add('picking')")
        page.locator(".pick").check()
        until_fetched(page, "menus")
        page.get_by_role("button", name="Tags").click()
        return page.locator("#tags")

    return show


def whole(box, page):
    """Whether a box is inside the window."""
    size = page.viewport_size
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and box["y"] + box["height"] <= size["height"]
    )


def test_a_long_menu_stays_on_the_screen_and_scrolls(desk, phone, opened):
    for page in (desk, phone):
        menu = opened(page)
        assert whole(menu.bounding_box(), page)
        last = menu.get_by_role("button", name="Other")
        last.scroll_into_view_if_needed()
        assert whole(last.bounding_box(), page)


def test_typing_leaves_the_lines_that_fit_under_their_headings(desk, opened):
    menu = opened(desk)
    search = menu.get_by_role("searchbox", name="Find a tag")
    expect(search).to_be_focused()
    search.fill("标签7")
    expect(menu.get_by_role("button")).to_have_count(11)
    expect(menu.get_by_text("Take away")).to_be_hidden()
    search.fill("oth")
    expect(menu.get_by_role("button")).to_have_text(["Other"])
    expect(menu.get_by_text("Add")).to_be_hidden()


def test_enter_in_the_search_changes_nothing_before_a_line_is_chosen(desk, site, opened):
    menu = opened(desk)
    menu.get_by_role("searchbox").fill("tag 42")
    desk.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="Tag 42")).to_be_focused()
    assert site.posted == []
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/bulk")
    assert [sent["tag"] for sent in site.posted] == ["42"]


def test_enter_that_ends_composing_chinese_goes_nowhere(desk, opened):
    search = opened(desk).get_by_role("searchbox")
    search.fill("标签7")
    for how in ({"isComposing": True}, {"keyCode": 229}):
        desk.evaluate(
            """how => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
               {key: "Enter", ...how, bubbles: true, cancelable: true}))""",
            how,
        )
        expect(search).to_be_focused()


def test_a_short_menu_has_no_search(desk, site):
    site.show("/page", LIST.replace("range(80)", "range(3)"))
    desk.goto("/page")
    desk.locator(".pick").check()
    until_fetched(desk, "menus")
    desk.get_by_role("button", name="Tags").click()
    expect(desk.locator("#tags").get_by_role("searchbox")).to_have_count(0)
