"""The bell: opens what is new without leaving the page, and loses its dot when all is read."""

import json
from types import SimpleNamespace

import pytest
from flask import Response, render_template
from playwright.sync_api import Page, expect

from tests.browser.frame_site import FrameSite

pytestmark = pytest.mark.browser

LATEST = """<div id="latest">
  <form hx-post="/notifications/readings" hx-target="#latest" hx-swap="outerHTML"><button>Mark all as read</button></form>
  <ul>{% from "ui/notice.html" import notice %}{{ notice(line, "/notifications/7/opening") }}</ul></div>"""


def test_the_bell_opens_what_is_new_and_hears_that_it_was_read(desk: Page, site: FrameSite) -> None:
    def read() -> Response:
        site.unread = 0
        return Response(
            "<p id=latest>All read</p>",
            headers={"HX-Trigger": json.dumps({"notifications-read": True})},
        )

    line = SimpleNamespace(
        icon="tag", text="Bread is ready", at=None, is_read=False, is_urgent=False
    )
    site.on(
        "/notifications/latest", lambda: render_template(site.template(LATEST), line=line), "GET"
    )
    site.on("/notifications/unread", lambda: render_template("frame/_unread.html"), "GET")
    site.on("/notifications/readings", read)
    site.on("/notifications/7/opening", lambda: "opened")
    site.show("/today", "<p>Here</p>")
    desk.goto("/today")
    bell = desk.get_by_role("button", name="Notifications, 3 unread")
    bell.click()
    expect(desk.get_by_role("button", name="Unread: Bread is ready")).to_be_visible()
    desk.get_by_role("button", name="Mark all as read").click()
    expect(desk.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    expect(desk.locator("#notices")).to_be_hidden()
