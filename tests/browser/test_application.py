"""The real application in a real Chromium: the pages people live in, looked at by axe, and the
ways through them that matter most."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from werkzeug.serving import make_server

from crmlite import clock
from crmlite.accounts.models import User
from crmlite.accounts.passwords import hashed
from crmlite.app import create_app
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.jobs import queue, running, signs
from crmlite.setup.demo import loading
from crmlite.testing import PASSWORD, config_for

pytestmark = pytest.mark.browser

PAGES = (
    "/today",
    "/today?team=sales",
    "/today/written",
    "/today/promises",
    "/calendar",
    "/calendar?view=week&team=sales",
    "/calendar?view=list",
    "/calendar/feed",
    "/calendar/sweep",
    "/calendar/sweep?team=sales",
    "/help",
    "/help?words=promise",
    "/help/today",
    "/reports/record-keeping",
    "/reports/record-keeping/promises?all=1",
    "/customers?w=lifecycle~is~active&w=last_contact~before~-7d",
    "/customers/conditions?field=last_contact&operator=between",
    "/customers/columns",
    "/customers/views/new",
    "/customers/C051",
    "/customers/C027",
    "/customers/C051/brief",
    "/customers/C051/call",
    "/customers/C051/contacts",
    "/customers/C051/needs",
    "/customers/C051/changes",
    "/customers/C051/edit",
    "/customers/C051/interactions/new",
    "/customers/new",
    "/complaints?view=open",
    "/complaints/views/new?view=open&kind=complaint",
    "/cases/K0005",
    "/cases/new",
    "/improvements",
    "/orders?period=year",
    "/orders?sort=-total&least=100000&since=2026-01-01",
    "/orders/conditions",
    "/orders/export",
    "/strategies",
    "/strategies/2",
    "/strategies/2/edit",
    "/strategies/table?w=tier~is~core",
    "/strategies/sending",
    "/strategies/tiers",
    "/settings/tiers",
    "/customers/C051/pin",
    "/imports?about=orders",
    "/orders/SO0166",
    "/orders/new?customer=C051",
    "/orders/SO0166/returns/new",
    "/products",
    "/products/1",
    "/products/new",
    "/customers/C051/tabs/orders",
    "/imports",
    "/notifications",
    "/search?q=恒泰",
    "/trash",
    "/profile",
    "/settings",
    "/settings/people",
    "/settings/roles",
    "/settings/teams",
    "/settings/calendars",
    "/settings/calendars/1?year=2027",
    "/settings/calendars/1/days/new?first=2026-02-15",
    "/settings/deadlines",
    "/settings/replies/new",
    "/settings/firm",
    "/settings/fields",
    "/settings/fields/customer/new",
    "/settings/lists/stage",
    "/settings/segments",
    "/settings/segments/new",
    "/settings/tags",
    "/settings/tags/11/rule",
    "/settings/jobs",
    "/settings/backups",
    "/settings/ledger",
    "/nowhere",
)
WIDTHS = (1440, 390)
LANGS, THEMES = ("en", "zh"), ("light", "dark")
AT_ONCE = {("en", "light", 1440), ("zh", "dark", 390)}
"""Looks in which pages are looked at on each change; nightly in all."""


def _half(lang: str, theme: str, width: int) -> slice:
    """Which half of the pages is looked at in a look: so each is in four of the eight, and with any two
    of language, theme and width together."""
    return slice((LANGS.index(lang) + THEMES.index(theme) + WIDTHS.index(width)) % 2, None, 2)


def _looks(*, halves: bool) -> Iterator[Any]:
    for look in product(LANGS, THEMES, WIDTHS):
        marks = () if look in AT_ONCE else (pytest.mark.slow,)
        pages = (_half(*look),) if halves else ()
        yield pytest.param(*look, *pages, id="-".join(map(str, look)), marks=marks)


LOOKS, WALKS = list(_looks(halves=False)), list(_looks(halves=True))


@pytest.fixture(scope="module")
def demo_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with a demo book."""
    folder = tmp_path_factory.mktemp("demo") / "instance"
    shutil.copytree(sqlite_template, folder)
    app = create_app(config_for(folder))
    with app.app_context():
        fill(app)
    yield app
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


@pytest.fixture(scope="module")
def demo(demo_app: Flask) -> Iterator[str]:
    """The address at which it is served."""
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fill(app: Flask) -> None:
    """Load the demo firm in place of the people of the tests."""
    with database.engine.begin() as connection:
        for model in (Customer, User):
            assert connection.execute(model.__table__.select()).first() is None or model is User
        for name in ("membership", "session", "user"):
            connection.execute(database.metadata.tables[name].delete())
    loading.load(hashed(PASSWORD), at=clock.now())
    database.session.remove()


@pytest.fixture
def opened(browser: Browser, demo: str) -> Iterator[Any]:
    """Opens a window for somebody who is signed in: `opened("manager", "zh", "dark", 1440)`."""
    contexts = []

    def sign_in(login: str, lang: str, theme: str, width: int) -> Page:
        context = browser.new_context(
            base_url=demo,
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/sign-in?lang={lang}")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/today")
        return page

    yield sign_in
    for context in contexts:
        context.close()


class Inspector:
    """Notes what is wrong with the pages that somebody comes to."""

    def __init__(self, page: Page) -> None:
        self.page, self.axe = page, Axe()
        self.found: list[str] = []
        self._refused: list[str] = []
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            self._refused.append(message.text)

    def look(self, name: str) -> None:
        """Look at the page as it is."""
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append(f"{name}: scrolls sideways")
        self.found += [f"{name}: {refusal}" for refusal in self._refused]
        for violation in self.axe.run(self.page).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:2]]
            self.found.append(f"{name}: {violation['id']} {nodes}")
        self._refused.clear()  # axe and screenshots write styles of their own


@pytest.mark.parametrize(("lang", "theme", "width", "pages"), WALKS)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(opened, lang, theme, width, pages):
    page = opened("manager", lang, theme, width)
    inspector = Inspector(page)
    for path in PAGES[pages]:
        page.goto(path)
        inspector.look(path)
    assert inspector.found == []


def work_off(app: Flask) -> None:
    """Do what waits, as a worker does."""
    with app.app_context():
        while claimed := queue.claim(signs.Identity.new(clock.now()).owner, clock.now()):
            running.do(claimed)


SHEET = """客户名称,联系人,手机,所属行业,签约金额(万元),未知列
启帆测试设备有限公司,张帆,13800004321,C35,12.5,x
启帆测试设备有限公司,张帆,13800004321,C35,12.5,x
远山检测有限公司,李远,12,C40,一百,y
,无名,13900001234,,,
"""


@pytest.mark.parametrize(
    ("lang", "theme", "width"),
    [("en", "light", 1440), ("zh", "dark", 390)],
)
def test_a_sheet_comes_in_and_goes_out_again_by_its_pages(
    opened, demo_app, tmp_path, lang, theme, width
):
    page = opened("manager", lang, theme, width)
    inspector = Inspector(page)

    def press(where: str) -> None:
        page.locator(f"form[action$='/{where}'] button[type=submit]").click()

    def work(done: str) -> None:
        page.locator("#import progress, #import .note-box").first.wait_for()
        inspector.look(f"before {done}")
        work_off(demo_app)
        page.locator(f"form[action$='/{done}']").wait_for()
        inspector.look(done)

    sheet = tmp_path / "客户.csv"
    sheet.write_text(SHEET, "utf-8-sig")
    page.goto("/imports")
    press("imports")
    page.locator("#imports [role=alert]").wait_for()
    inspector.look("no file")
    page.set_input_files("#imports [type=file]", sheet)
    press("imports")
    page.locator("form[action$='/columns']").wait_for()
    inspector.look("mapping")
    press("columns")
    work("start")
    press("start")
    work("reversal")
    assert page.locator("#import tbody tr").count() == 3
    page.once("dialog", lambda dialog: dialog.accept())
    press("reversal")
    page.locator("#import .note-box.kept").or_(page.locator("#import progress")).first.wait_for()
    work_off(demo_app)
    page.locator("#import .note-box.kept").wait_for()
    inspector.look("undone")
    assert inspector.found == []


def test_a_contact_is_written_down_in_one_sentence(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/customers/C051")
    page.fill("#composer textarea", "Called about phase two.")
    page.click("#composer button[type=submit]")
    page.wait_for_selector("#timeline >> text=Called about phase two.")


def test_several_customers_change_at_once_and_back(opened):
    page = opened("manager", "en", "light", 1440)
    page.goto("/customers?w=tier~is~strategic")
    paused = page.locator("[data-row]", has_text="Paused")
    before = paused.count()  # other tests pause some
    for place in (0, 1):
        others = page.locator("[data-row]").filter(has_not_text="Paused")
        others.nth(place).locator(".pick").check()
    page.locator(".bulk button", has_text="Stage").click()
    page.locator("#bulk-stage button", has_text="Paused").click()
    page.wait_for_selector("text=2 customers changed.")
    assert paused.count() == before + 2
    page.locator("[data-undo]").first.click()
    page.wait_for_selector("text=Undone.")
    assert paused.count() == before


@pytest.mark.parametrize("width", [1366, 1440])
def test_columns_that_were_added_are_all_shown_beside_whole_names(opened, width):
    page = opened("manager", "en", "light", width)
    usual = "number,name,tier,lifecycle,owner,tags,last_contact,next_step,annual_amount"
    page.goto(f"/customers?columns={usual},region,website")
    assert page.locator("th.w-name").bounding_box()["width"] >= 200
    assert page.locator("thead th:visible").count() == 12
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_condition_is_added_in_the_drawer(opened):
    page = opened("manager", "en", "light", 1440)
    page.goto("/customers")
    page.locator(".query a", has_text="Condition").click()
    page.check("#drawer input[value=core]")
    page.locator("#drawer button", has_text="Apply").click()
    page.wait_for_url("**/customers?w=tier*")
    assert page.locator(".chip", has_text="Core").count() == 1


def test_a_customer_is_found_by_initials_from_the_palette(opened):
    page = opened("manager", "zh", "light", 1440)
    page.keyboard.press("Control+k")
    page.fill("#palette-input", "htjc")
    page.wait_for_selector("#palette-found >> text=衡泰机床")


def renewed(page: Page, press: Callable[[], None]) -> None:
    """Press something, and wait until the lines of Today that stood there are replaced."""
    page.evaluate("document.querySelectorAll('.task').forEach((line) => (line.dataset.old = ''))")
    press()
    page.wait_for_selector(".task[data-old]", state="detached")


def test_on_the_phone_a_next_step_is_moved_and_dropped_from_its_sheet(opened):
    page = opened("sales", "en", "light", 390)
    row, sheet = page.locator(".task").first, page.locator(".menu:popover-open")
    what = row.locator(".what .cut").first.inner_text()
    row.get_by_role("button", name="More").click()
    renewed(page, sheet.get_by_text("Not needed any more").click)
    page.wait_for_selector(f"text=Dropped: {what}")
    row.get_by_role("button", name="More").click()
    renewed(page, sheet.get_by_text("Tomorrow").click)
    page.wait_for_selector("text=Moved to")
    row.get_by_role("link", name="Log follow-up").click()
    page.wait_for_selector("#drawer textarea[name=content]")


def test_on_the_phone_everything_about_a_customer_is_in_reach(opened):
    page = opened("sales", "en", "light", 390)
    page.goto("/customers/C051")
    call = page.get_by_role("link", name="Call")
    assert call.get_attribute("href").startswith("tel:")
    page.get_by_role("button", name="More", exact=True).first.click()
    page.locator("#record-menu").get_by_text("Next step").click()
    page.wait_for_selector("#drawer input[name=what]")


def test_on_the_phone_the_list_is_sorted_and_kept_as_a_view(opened):
    page = opened("sales", "en", "light", 390)
    page.goto("/customers?view=all")
    page.locator(".query").get_by_role("button", name="More").click()
    page.locator("#list-more").get_by_text("Columns and order").click()
    page.select_option("#drawer [name=sort]", "-number")
    page.locator("#drawer button", has_text="Apply").click()
    page.wait_for_url("**sort=-number**")
    page.locator(".query").get_by_role("button", name="More").click()
    page.locator("#list-more").get_by_text("Save as view").click()
    page.fill("#drawer [name=name]", "Newest first")
    page.locator("#drawer button", has_text="Save").click()
    page.wait_for_selector("text=The view “Newest first” is saved.")


def test_the_page_of_a_customer_renews_itself_in_place(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/customers/C061")
    page.evaluate("window.stayed = true")
    page.locator("#record-head .head > a", has_text="Next step").click()
    page.fill("#drawer [name=what]", "Bring the December plan")
    page.fill("#drawer [name=due_on]", "2099-12-20")
    page.locator("#drawer .form-end button").first.click()
    line = page.locator("#open-steps .task", has_text="Bring the December plan")
    line.wait_for()
    assert not page.locator("#drawer").is_visible()
    line.hover()
    line.get_by_role("link", name="Log").click()
    page.fill("#drawer [name=content]", "They have the December plan.")
    page.locator("#drawer .form-end button").first.click()
    page.locator("#timeline", has_text="They have the December plan.").wait_for()
    line.wait_for(state="detached")
    page.locator("#record-head").get_by_role("button", name="Paused").click()
    page.locator("#timeline .flow > li", has_text="→ Paused").first.wait_for()
    assert page.evaluate("window.stayed")


def type_fact(page: Page, name: str, typed: str) -> None:
    """Open the field of a fact in its place, and write in it."""
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.click(f"#fact-{name} a.edit")
    page.fill(f"#fact-{name} [name={name}]", typed)


def save_fact(page: Page, name: str) -> None:
    """Save it, and wait until the facts around it are renewed."""
    page.evaluate("document.getElementById('record-aside').dataset.old = ''")
    page.click(f"#fact-{name} [type=submit]")
    page.wait_for_selector("#record-aside:not([data-old])")
    page.locator(f"#fact-{name}:not(.open)").wait_for(state="attached")


def test_a_fact_that_is_being_typed_stays_when_another_one_is_saved(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/customers/C061")
    type_fact(page, "website", "https://example.com/typed")
    type_fact(page, "region", "Riverton")
    version = page.locator("#fact-website [name=version]")
    before = version.input_value()
    save_fact(page, "region")
    field = page.locator("#fact-website [name=website]")
    assert field.is_visible() and field.input_value() == "https://example.com/typed"
    page.wait_for_selector(
        f"#fact-website [name=version]:not([value='{before}'])", state="attached"
    )
    save_fact(page, "website")
    assert "example.com/typed" in page.locator("#fact-website").inner_text()


def test_a_fact_that_somebody_else_changed_meanwhile_is_not_written_over(opened):
    page, other = opened("sales", "en", "light", 1440), opened("manager", "en", "light", 1440)
    for one in (page, other):
        one.goto("/customers/C061")
    type_fact(page, "website", "https://example.com/mine")
    type_fact(other, "website", "https://example.com/theirs")
    save_fact(other, "website")
    with page.expect_response("**/facts/website"):
        page.evaluate("htmx.trigger(document.body, 'customer-changed')")
    page.click("#fact-website [type=submit]")
    page.wait_for_selector("#fact-website table >> text=example.com/theirs")


def test_what_was_typed_of_a_step_is_back_in_the_drawer(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/customers/C061")
    for typed in ("", "Bring the January plan"):
        page.locator("#record-head .head > a", has_text="Next step").click()
        page.wait_for_function(
            "typed => document.querySelector('#drawer [name=what]')?.value === typed", arg=typed
        )
        page.fill("#drawer [name=what]", "Bring the January plan")
        page.keyboard.press("Escape")
        page.wait_for_selector("#drawer", state="hidden")


def test_enter_among_the_columns_applies_what_was_chosen(opened):
    page = opened("manager", "en", "light", 1440)
    page.goto("/customers/columns")
    page.uncheck("#columns [name=column][value=tier]")
    page.press("#columns [name=column][value=tier]", "Enter")
    page.wait_for_url("**/customers?columns=*")
    assert page.locator("th", has_text="Tier").count() == 0


def test_when_they_answered_is_asked_only_of_those_who_did(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/customers/C061/interactions/new")
    answered, moment = page.locator("[name=answered]"), page.locator("[name=answered_at]")
    assert answered.is_checked() and moment.is_visible()
    answered.uncheck()
    assert not moment.is_visible()


def test_an_empty_box_says_so_and_keeps_the_page_as_it_is(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/customers/C061")
    page.locator("#composer label", has_text="Visit").click()
    page.click("#composer button[type=submit]")
    page.wait_for_selector("#composer >> text=Please fill this in.")
    assert page.evaluate("document.activeElement.name") == "content"
    assert page.locator("#composer [value=visit]").is_checked()
    page.keyboard.type("Walked the hall.")
    page.click("#composer button[type=submit]")
    page.locator("#timeline", has_text="Walked the hall.").wait_for()
    assert page.locator("#composer textarea").input_value() == ""


def test_a_complaint_is_written_down_answered_and_resolved(opened):
    page = opened("support", "en", "light", 1440)
    page.goto("/cases/new")
    page.locator("[name=who]").press_sequentially("衡泰")
    page.locator("#case-matches a").first.click()
    page.locator("#case-customer select[name=contact_id]").wait_for()
    page.fill("[name=subject]", "Wrong plug")
    page.fill("[name=said]", "The plug does not fit.")
    page.locator("#case-form button[type=submit]", has_text="Open the case").click()
    page.wait_for_url("**/cases/K0*")
    page.locator(".clock", has_text="First response").wait_for()
    page.locator("#case-composer textarea[name=content]").fill("We send the right one.")
    page.fill("[name=promise_what]", "Send the plug")
    later = clock.now() + timedelta(days=30)
    page.fill("[name=promise_at]", f"{later:%Y-%m-%dT%H:%M}")
    page.locator("#case-composer button[type=submit]").click()
    page.locator(".msg.out", has_text="We send the right one.").wait_for()
    page.locator("#case-aside", has_text="Send the plug").wait_for()
    page.get_by_role("link", name="Resolve").first.click()
    page.fill("#drawer [name=resolution]", "The plug is there.")
    page.locator("#drawer .form-end button").first.click()
    page.get_by_role("link", name="Revisit").wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_task_is_put_on_another_day_from_the_calendar(opened, width):
    page = opened("sales", "en", "light", width)
    page.goto("/calendar?view=week")
    item = page.locator(".cal-day.now .cal-item:has(a[data-drawer])").first
    task = item.get_attribute("data-row")
    item.hover()
    item.locator("a[data-drawer]").click()
    later = (clock.now() + timedelta(days=40)).date().isoformat()
    page.fill("#drawer [name=due_on]", later)
    page.locator("#drawer button[type=submit]").click()
    page.wait_for_selector("text=Moved to")
    page.wait_for_selector(f".cal-item[data-row='{task}']", state="detached")
    page.goto(f"/calendar?view=list&day={later}")
    assert page.locator(f".cal-item[data-row='{task}']").count() == 1
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.cal-item') !== null")


def test_the_question_mark_opens_the_help_of_the_page_in_the_drawer(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/today/promises")
    page.locator("#top a[aria-label=Help]").click()
    page.wait_for_selector("#drawer .help-text")
    assert page.locator("#drawer-title").inner_text() == "Follow-ups and promises"
    page.locator("#drawer a[href='/help']").click()
    page.fill("#drawer [name=words]", "promise")
    page.wait_for_selector("#drawer mark")
    page.locator("#drawer #help-found a").first.click()
    page.wait_for_selector("#drawer .help-text")
    page.locator("#drawer [commandfor=shortcuts]").click()
    page.wait_for_selector("#shortcuts[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer:not([open])", state="attached")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Help"


def test_what_is_typed_the_moment_a_field_appears_is_looked_for(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/today/promises")
    page.evaluate("""new MutationObserver((_, observer) => {
        const field = document.querySelector("#drawer [name=words]");
        if (!field) return;
        observer.disconnect();
        field.value = "promise";
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }).observe(document.getElementById("drawer-body"), { childList: true, subtree: true })""")
    page.locator("#top a[aria-label=Help]").click()
    page.wait_for_selector("#drawer .help-text")
    page.locator("#drawer a[href='/help']").click()
    page.wait_for_selector("#drawer mark")


def test_the_lines_of_an_order_come_back_as_they_were_typed(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/orders/new?customer=C061")

    def typed(name):
        return page.locator(f"#order-form [name^=lines-][name$=-{name}]")

    def write_line(place, name, quantity):
        typed("name").nth(place).fill(name)
        typed("quantity").nth(place).fill(quantity)
        typed("price").nth(place).fill("100")
        page.keyboard.press("Tab")

    def add_line(count):
        page.get_by_role("button", name="Add a line").click()
        expect(typed("name")).to_have_count(count)

    write_line(0, "Cable", "2")
    add_line(2)
    write_line(1, "Plug", "3")
    add_line(3)
    write_line(2, "Socket", "4")
    page.get_by_role("button", name="Take line 1 away").click()
    expect(typed("name")).to_have_count(2)
    page.fill("[name=remark]", "Deliver before noon.")
    page.reload()
    expect(page.locator("#toasts")).to_contain_text("What you typed earlier is back.")
    assert [one.input_value() for one in typed("name").all()] == ["Plug", "Socket"]
    assert [one.input_value() for one in typed("quantity").all()] == ["3", "4"]
    expect(page.locator("#order-form .line output").last).to_contain_text("400")
    assert page.input_value("[name=remark]") == "Deliver before noon."
    page.locator("#order-form .form-end button[type=submit]").click()
    page.wait_for_url("**/orders/SO*")
    expect(page.locator("#main")).to_contain_text("Socket")
    assert "Cable" not in page.inner_text("#main")
    page.goto("/orders/new?customer=C061")
    expect(typed("name")).to_have_count(1)
    assert typed("name").first.input_value() == ""


def test_a_line_that_was_taken_away_is_not_missed_unsaid(opened):
    page = opened("sales", "en", "light", 1440)
    lines = page.locator("#order-form [name^=lines-][name$=-name]")
    numbers = page.locator("#order-form [name^=lines-][name$=-line]")
    page.goto("/orders?status=confirmed")
    page.goto(page.locator("a[href^='/orders/SO']").first.get_attribute("href") + "/edit")
    there = lines.count()
    page.get_by_role("button", name="Take line 1 away").click()
    expect(lines).to_have_count(max(there - 1, 1))
    page.get_by_role("button", name="Add a line").click()
    expect(lines).to_have_count(max(there, 2))
    ids = [one.input_value() for one in numbers.all()]
    page.reload()
    expect(page.locator("#toasts")).to_contain_text("What you typed earlier is back.")
    assert [one.input_value() for one in numbers.all()] == ids
    page.locator("#toasts button", has_text="Discard it").click()
    expect(lines).to_have_count(there)
    page.reload()
    expect(lines).to_have_count(there)
    assert page.locator("#toasts", has_text="is back").count() == 0


def test_the_lines_of_an_order_are_started_afresh_on_request(opened):
    page = opened("sales", "zh", "light", 390)
    page.goto("/orders/new?customer=C062")
    lines = page.locator("#order-form [name^=lines-][name$=-name]")
    lines.first.fill("电缆")
    page.locator("[name=one-line-more]").click()
    expect(lines).to_have_count(2)
    lines.nth(1).fill("插头")
    page.reload()
    expect(lines).to_have_count(2)
    assert page.locator("#order-form .line").nth(1).get_attribute("aria-label").endswith("2 行")
    page.locator("#toasts button", has_text="放弃").click()
    expect(lines).to_have_count(1)
    assert lines.first.input_value() == ""


def test_what_was_typed_in_a_line_of_the_sweep_stays_while_another_is_closed(opened):
    page = opened("sales", "en", "light", 1440)
    page.goto("/calendar/sweep")
    lines = page.locator(".sweep-line:has([name=outcome])")
    first, second = (lines.nth(place).get_attribute("data-row") for place in range(2))
    page.fill(f"#outcome-{second}", "They want two.")
    page.locator(f".sweep-line[data-row='{first}'] button[value=done]").click()
    page.wait_for_selector(f".sweep-line[data-row='{first}']", state="detached")
    assert page.input_value(f"#outcome-{second}") == "They want two."
    page.locator(f".sweep-line[data-row='{second}'] button[value=done]").click()
    page.wait_for_selector(f".sweep-line[data-row='{second}']", state="detached")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_call_is_timed_and_its_key_points_become_one_contact(opened, width):
    page = opened("sales", "en", "light", width)
    page.goto("/customers/C051/call")
    button = page.locator("[data-timer-button]")
    button.click()
    page.wait_for_selector("[data-timer-shown]:text('00:01')")
    assert button.inner_text() == "Stop"
    page.fill("[name=answer_1]", f"They plan a second line, seen at {width}.")
    page.locator("#call-form button[type=submit]").click()
    page.wait_for_url("**/customers/C051")
    page.wait_for_selector(f"#timeline >> text=They plan a second line, seen at {width}.")


def test_the_timer_says_when_a_call_is_to_end(opened):
    page = opened("sales", "en", "light", 390)
    page.clock.install()
    page.goto("/customers/C051/call")
    page.wait_for_function("document.querySelector('[data-timer-shown]').className === 'big'")
    page.locator("[data-timer-button]").click()
    page.clock.run_for(10 * 60_000 + 2000)
    page.wait_for_selector("text=10 minutes: time to come to an end.")
    page.clock.run_for(5 * 60_000)
    page.wait_for_selector("text=More than 15 minutes.")
    page.locator("[data-timer-button]").click()
    assert page.input_value("[name=minutes]") == "15"
