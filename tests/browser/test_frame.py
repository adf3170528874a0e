"""The frame and the parts of pages can be seen, heard and reached by everyone, on every screen."""

import re
from datetime import datetime
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_wtf import FlaskForm
from playwright.sync_api import expect
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from tests.browser.frame_site import MACROS, PACKAGE
from tests.browser.waiting import until_fetched

pytestmark = pytest.mark.browser

AT = datetime(2026, 11, 18, 10, 20)  # noqa: DTZ001 - only shown
LOOKS = [("zh", "dark"), ("en", "light")]
WIDTHS = (320, 390, 768, 1024, 1280, 1440, 1920)


class Contact(FlaskForm):
    """A form with every kind of field."""

    kind = RadioField("Kind", choices={"phone": "Phone", "visit": "Visit"}, default="phone")
    name = StringField("Name", [InputRequired()])
    text = TextAreaField("What was said")
    source = SelectField("Source", choices={"a": "Fair", "b": "Friend"})
    industry = SelectField("Industry", choices={"C": {"C38": "Machines"}, "F": {"F52": "Shops"}})
    step = RadioField("Next step", choices={"1": "Tomorrow", "2": "Next Monday"}, default="1")
    answered = BooleanField("They answered")
    tags = SelectMultipleField("Tags", choices={"a": "Key", "b": "New"}, default=["a"])


PAGES = {
    "record": """
{% from "ui/record.html" import changes, fact, fact_form, path, risk, sub %}
{% from "ui/form.html" import chips %}
{% from "ui/further.html" import resting %}
{% from "ui/timeline.html" import composer, day, flow, moment, promise, shows %}
{% from "ui/words.html" import confirmed, due, exact, masked, meter, pill, taglet %}
{% call head("Riverton New Energy Ltd", "C0933") %}{{ btn("Log follow-up", "pencil", "btn-primary", href="#a", data_drawer=true) }}
  {% call menu("more", "More") %}{{ menu_link("#a", "Edit", "pencil", "e") }}{{ menu_post("#a", "Delete", class="danger") }}{% endcall %}{% endcall %}
{{ risk("A competitor is quoting.") }}
{{ sub([("Tier", "Strategic"), ("Last contact", when(at, stop=true)), ("Owner", none), ("Next step", due(at))]) }}
{{ path(steps, "Stage", "/stage") }}
<div class="cols"><div>
  {{ tabs(views, "Parts") }}
  {% call(place) composer(form, "/log", form.text, "What was said", kinds=form.kind, draft="log") %}
    {% if place == "tools" %}{{ btn("Promise", "heart-handshake", "btn-quiet") }}{% else %}<div class="more">{{ chips(form.step) }}</div>{% endif %}{% endcall %}
  {{ shows(views) }}
  {% call flow("Timeline") %}{{ day("November") }}
    {% call moment("phone", "Phone, 14 min", at, "Daniel", row="1", pill="late", url="#a") %}<p>Quotation is in.</p>{{ promise("Answer", "3 days left") }}{% endcall %}
    {% call moment("pencil", "Stage", at) %}{{ changes([{"label": "Tier", "old": "Core", "new": "Strategic"}]) }}{% endcall %}{% endcall %}
</div><aside aria-label="Facts">
  {% call panel("Facts", count=3, link="Edit", href="#a", drawer=true) %}<dl class="facts">
    {% call fact("Mobile", "f1", "/edit") %}{{ masked(hidden) }}{% endcall %}
    {% call fact("Industry", "f2") %}C38 {{ confirmed("by Daniel") }}{{ taglet("key") }}{{ pill("kept", "kept") }}{{ exact(at) }}{% endcall %}
    <dt>Source</dt>{{ fact_form(form, form.source, "f3", "/edit", "/back", "As they said") }}</dl>
    {{ meter(60, "60 %", "soon") }}{{ resting([{"label": "Points", "text": "12", "masked": false}]) }}{% endcall %}
</aside></div>""",
    "list": """
{% from "ui/navigation.html" import pager, query, switch %}
{% call head("Customers") %}{{ switch(views, "View") }}{% endcall %}
{% call tabs(views, "Saved views") %}{{ ibtn("Save as view", "plus") }}{% endcall %}
{% call query() %}{{ chip("Tier is", "strategic", "#a", "#b") }}{% endcall %}
{% call table("Customers", id="list", quick="/quick") %}<thead role="rowgroup"><tr role="row">{{ th_pick() }}{{ th("Name", url="#a", sorted="ascending") }}{{ th("Last contact", "w-said") }}</tr></thead>
<tbody role="rowgroup">{% for n in range(3) %}<tr role="row" data-row="{{ n }}"><td role="cell">{{ pick(n, n) }}</td>
<td role="cell" class="k1 cut"><a class="name" href="#c{{ n }}">Customer {{ n }}</a></td><td role="cell" class="k3">{{ when(at) }}</td></tr>{% endfor %}</tbody>{% endcall %}
{{ row_acts() }}{{ pager("1–3 of 10,000+", after="#a") }}
{% call bulk("/bulk", "10,000+", "all") %}{{ btn("Tags", "tag", "btn-quiet") }}{% endcall %}""",
    "form": """
{% from "ui/form.html" import chips, field, form_end, form_for, group, segments, select, stale %}
{% from "ui/panel.html" import note %}
{{ head("New customer") }}
{% call form_for(form, "/new", draft="new", title="New") %}
{{ stale({"differences": [{"label": "Name", "mine": "A", "theirs": "B"}]}, {"who": "Daniel", "at": at}, "#a") }}
{{ segments(form.kind, quiet=true) }}{{ field(form.name, hint="As registered") }}
{% call note("Is it this one?", "soon") %}<a href="#a">Riverton</a>{% endcall %}
<div class="two">{{ select(form.industry, combobox=true) }}{{ field(form.source) }}</div>
{% call group("More") %}{{ field(form.tags) }}{{ field(form.text) }}{{ field(form.answered) }}{{ field(form.step) }}{% endcall %}
{{ form_end("Save", "/customers") }}{% endcall %}""",
    "today": """
{% from "ui/today.html" import band, day_bars, task, task_acts %}
{% from "ui/panel.html" import bars, facts, item, progress, section %}
{{ head("Today", "Tuesday") }}
{% call band("Overdue", 1, "late") %}{% call task("1", "phone", "Riverton", "#a", "Executive visit", "Monthly", "C1", when(at), "/done") %}{{ task_acts("1", [(at, "Tomorrow")], "#log", "#move", "#drop", "#a") }}{% endcall %}
{% call task("2", "lock", "Calder", "#a", "See the mobile", asks=true) %}{{ btn("Allow") }}{% endcall %}{% endcall %}
{{ section("Watch", 2) }}<ul class="items">{{ item("Revised quotation", "#a", "late", "Eastgate", "mail", "late") }}</ul>
{{ bars([4, 20], "Contacts per day", [0, 4]) }}
{{ day_bars([{"day": at.date(), "total": 2, "late": 1, "height": 20, "late_height": 10, "url": "#a"}], "Contacts") }}{{ facts([("Kept", "88%")]) }}{{ progress("3 of 9", 3, 9) }}""",
    "settings": """
{% from "ui/settings.html" import doors, matrix, matrix_check, matrix_choice, rooms, secret %}
{{ head("Settings") }}{{ doors(entries) }}
{% call rooms(entries, "Settings") %}{{ matrix(["Sales", "Manager"], [("Customers", [{"label": "See", "hint": "with contacts", "cells": [matrix_choice("a", "own", [("own", "own"), ("all", "all")], "Sales: see"), matrix_check("b", "1", true, "Manager: see")]}])], "Rights") }}
{{ secret("K7QF-82MD", "Recovery code") }}{% endcall %}
{{ btn("Ask", command="show-modal", commandfor="ask") }}{% call sheet("ask", "Delete?") %}{{ post("#a", "Delete") }}{% endcall %}""",
    "case": """
{% from "ui/case.html" import clock, event, message %}
{{ head("Spindle noise", "K1204") }}
{{ clock("5 h 10 min", "left", "due Wed", 68, "68 %", "soon", [{"icon": "check", "label": "First", "text": "kept", "state": "kept"}], [("Opened", "severe", "")], open=true) }}
{% for kind in ["in", "out", "note"] %}{% call message(kind, "Paul Grant", "phone", "by phone", at) %}<p>The spindle hums.</p>{% endcall %}{% endfor %}
{{ event("clock-pause", "Waiting", at) }}""",
    "empty": """
{{ head("Customers") }}
{% call empty("users", "No customers yet", "They appear here.", more="Or import them.") %}{{ btn("New customer", "plus", "btn-primary") }}{% endcall %}""",
}
CONTEXT = {
    "at": AT,
    "hidden": SimpleNamespace(masked=True, text="138****5678"),
    "views": [
        {"label": "Mine", "url": "#a", "count": 3, "current": True},
        {"label": "All", "url": "#b", "current": False},
    ],
    "steps": [{"key": s, "label": f"Stage {s}", "state": s} for s in ("was", "now", "")],
    "entries": [
        {
            "url": "#a",
            "label": "People",
            "description": "Who works here",
            "icon": "users",
            "current": True,
        }
    ],
}


@pytest.fixture
def show(site):
    """Puts one of the pages on the site."""

    def put(name):
        body = "{% set form = make_form() %}" + PAGES[name]
        site.show("/page", body, part=body, make_form=Contact, **CONTEXT)

    return put


def violations(page):
    """What axe objects to."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


def test_every_part_is_shown_on_one_of_the_pages():
    folder = PACKAGE / "templates"
    shown = "".join(PAGES.values()) + MACROS
    for path in [*folder.rglob("*.html")]:
        shown += re.sub(r"\{% macro .*? -?%\}", "", path.read_text("utf-8"))
    for path in (folder / "ui").glob("*.html"):
        for macro in re.findall(r"\{% macro (\w+)\(", path.read_text("utf-8")):
            assert re.search(rf"\b{macro}\b", shown), f"{macro} in {path.name}"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_axe_has_nothing_to_say(desk, site, show, name, lang, theme):
    show(name)
    site.theme = theme
    site.flashes.append(("error", "That did not work"))
    desk.goto(f"/page?lang={lang}")
    desk.locator(".pick").first.check() if name == "list" else None
    assert violations(desk) == []


@pytest.mark.parametrize(
    "what", ["palette", "find", "shortcuts", "menu", "drawer", "combobox", "side"]
)
def test_axe_has_nothing_to_say_about_what_opens(desk, phone, site, show, what):
    show("form")
    line = '<li><a href="/customers/C0933"><span class="cut">瑞丰新能源</span></a></li>'
    site.on("/palette", lambda: f'<ul class="palette-list" id="find-found">{line}</ul>', "GET")
    page = phone if what == "side" else desk
    page.goto("/page")
    if what == "palette":
        page.keyboard.press("Control+k")
        expect(page.locator("#palette [role=option]").first).to_be_visible()
    elif what == "find":
        page.locator("#find-input").fill("rui")
        expect(page.locator("#find-lines [role=option]")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#find-lines [aria-selected=true]")).to_be_visible()
    elif what == "shortcuts":
        page.keyboard.press("?")
    elif what == "menu":
        page.locator("[popovertarget=person-menu]").click()
    elif what == "drawer":
        page.evaluate(
            "document.dispatchEvent(new CustomEvent('drawer-open', {detail: {url: '/page'}}))"
        )
        expect(page.locator("#drawer-body form.form")).to_be_visible()
    elif what == "combobox":
        until_fetched(page, "combobox")
        page.get_by_role("combobox", name="Industry").click()
    else:
        page.get_by_role("button", name="Menu").tap()
        expect(page.locator("#side")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(desk, show, name):
    show(name)
    desk.goto("/page")
    for width in WIDTHS:
        desk.set_viewport_size({"width": width, "height": 900})
        wide = desk.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px at {width} px"


def test_printing_leaves_out_what_is_for_the_screen_and_shows_exact_times(desk, show):
    show("record")
    desk.goto("/page")
    desk.emulate_media(media="print")
    for hidden in ("#side", "#top", ".compose", ".tabs"):
        expect(desk.locator(hidden)).to_be_hidden()
    shown = desk.locator("time[data-when]").first.evaluate(
        "time => getComputedStyle(time, '::after').content"
    )
    assert shown == '"18 Nov 2026"'


@pytest.mark.parametrize("framed", [True, False])
def test_an_error_page_says_what_happened_what_was_kept_and_what_to_do(desk, site, framed):
    body = '{% include "errors/error.html" %}'
    site.handlers["GET", "/wrong"] = lambda: site.app.jinja_env.from_string(body).render(
        **error_context(site, framed)
    )
    desk.goto("/wrong")
    expect(desk.get_by_role("heading", name="The book is busy")).to_be_visible()
    expect(desk.get_by_text("Nothing was changed.", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="Try again")).to_be_visible()
    expect(desk.get_by_text("5f2c0e8a")).to_be_visible()
    expect(desk.locator("#side")).to_have_count(1 if framed else 0)
    assert violations(desk) == []


def error_context(site, framed):
    """What the handler of errors gives to the page."""
    context = {}
    site.app.update_template_context(context)
    return context | {
        "code": 503,
        "title": "The book is busy",
        "text": "Nothing was changed.",
        "request_id": "5f2c0e8a",
        "framed": framed,
        "back": "",
        "again": "/wrong",
    }


def test_a_page_is_complete_without_scripts(browser, site, show):
    show("list")
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/page")
    page.locator(".pick").first.check()
    expect(page.get_by_role("button", name="Tags")).to_be_visible()
    page.locator("[data-new]").click()
    expect(page.locator("#new-menu a")).to_be_visible()
    context.close()
