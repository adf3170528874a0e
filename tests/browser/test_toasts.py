"""Messages come, leave by themselves, wait while someone reads, and can be undone."""

import json

import pytest
from flask import Response
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

UNDO = {"text": "Customer archived", "kind": "done", "undo": {"url": "/undo"}}


def test_a_message_of_the_server_leaves_after_six_seconds(timed, site):
    site.show("/page", "{{ head('Page') }}")
    site.flashes.append(("done", "Saved"))
    timed.goto("/page")
    toast = timed.locator(".toast-c")
    expect(toast).to_contain_text("Saved")
    timed.clock.fast_forward(3000)
    expect(toast).to_be_visible()
    timed.clock.fast_forward(3500)
    expect(toast).to_have_count(0)


def test_undo_can_be_reached_for_longer_and_sends_the_token(timed, site):
    site.show("/page", "{{ head('Page') }}")
    site.flashes.append(("done", UNDO))
    timed.goto("/page")
    timed.clock.fast_forward(6500)
    site.on("/undo", lambda: "undone")
    timed.get_by_role("button", name="Undo").click()
    expect(timed.locator("body")).to_have_text("undone")
    assert site.posted[0]["path"] == "/undo"
    assert len(site.posted[0]["csrf_token"]) > 20


def test_a_message_stays_while_someone_points_at_it(timed, site):
    site.show("/page", "{{ head('Page') }}")
    site.flashes.append(("done", "Saved"))
    timed.goto("/page")
    timed.locator(".toast-c").hover()
    timed.clock.fast_forward(20_000)
    expect(timed.locator(".toast-c")).to_be_visible()
    timed.mouse.move(10, 10)
    timed.clock.fast_forward(3000)
    expect(timed.locator(".toast-c")).to_have_count(0)


def test_an_error_stays_until_it_is_closed(timed, site):
    site.show("/page", "{{ head('Page') }}")
    site.flashes.append(("error", "That did not work"))
    timed.goto("/page")
    timed.clock.fast_forward(60_000)
    expect(timed.locator(".toast-c.error")).to_be_visible()
    timed.locator(".toast-c").get_by_role("button", name="Close").click()
    expect(timed.locator(".toast-c")).to_have_count(0)


def test_an_htmx_answer_brings_its_message_in_chinese_with_undo(desk, site):
    site.show("/page", "{{ post('/archive', 'Archive', target='#main') }}")
    event = {"toast": {"text": "客户已归档：陈晓雯", "undo": {"url": "/undo", "label": "撤销"}}}
    headers = {"HX-Trigger": json.dumps(event)}
    site.on("/archive", lambda: Response('<main class="main" id="main">-</main>', headers=headers))
    site.on("/undo", lambda: "undone")
    desk.goto("/page")
    desk.get_by_role("button", name="Archive").click()
    expect(desk.locator("#toasts")).to_contain_text("客户已归档：陈晓雯")
    desk.get_by_role("button", name="撤销").click()
    expect(desk.locator("body")).to_have_text("undone")
    assert [sent["path"] for sent in site.posted] == ["/archive", "/undo"]
    assert site.posted[1]["csrf_token"]


def test_a_message_is_text_whatever_a_customer_is_called(desk, site):
    site.show("/page", "{{ head('Page') }}")
    desk.goto("/page")
    detail = json.dumps({"text": "<b>Ltd</b> was added."})
    desk.evaluate(f"document.dispatchEvent(new CustomEvent('toast', {{detail: {detail}}}))")
    expect(desk.locator(".toast-c")).to_contain_text("<b>Ltd</b> was added.")
    expect(desk.locator(".toast-c b")).to_have_count(0)


def test_the_same_message_is_not_shown_twice(desk, site):
    site.show("/page", "{{ head('Page') }}")
    desk.goto("/page")
    for _ in range(2):
        desk.evaluate(
            "document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'No connection'}}))"
        )
    expect(desk.locator(".toast-c")).to_have_count(1)


def test_a_message_can_be_used_while_a_dialog_is_open(desk, site):
    site.show("/page", "{{ btn('Look', href='/part', data_drawer=true) }}", part="")
    site.show("/part", "", part='<p id="part">Part</p>')
    site.on("/undo", lambda: "undone")
    desk.goto("/page")
    desk.get_by_role("link", name="Look").click()
    expect(desk.locator("#drawer #part")).to_be_visible()
    detail = json.dumps(UNDO)
    desk.evaluate(f"document.dispatchEvent(new CustomEvent('toast', {{detail: {detail}}}))")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("body")).to_have_text("undone")
