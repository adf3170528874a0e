"""Hooks: what those who were told of a change do to it when they fail."""

import json
import logging

import pytest
from flask import Flask

from crmlite import hookimpl, hooks
from crmlite.testing import SignIn
from tests.customers.records import HTMX, add, send

FAILED = "something that follows from it failed"


class Broken:
    """A pack that fails when it is told of a change."""

    @hookimpl
    def customer_changed(self, customer_id: int) -> None:
        raise LookupError(f"no customer {customer_id} in this pack")


@pytest.fixture
def broken(app: Flask) -> None:
    """The pack is switched on."""
    with app.app_context():
        hooks.manager().register(Broken(), "broken")


@pytest.mark.usefixtures("broken")
def test_a_pack_that_fails_after_the_change_is_told_to_the_person_and_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    logging.getLogger("crmlite.hooks").propagate = True
    with caplog.at_level(logging.ERROR, logger="crmlite.hooks"):
        send(client, f"/customers/{number}/edit", {"region": "York"})
    assert "hook customer_changed of broken failed" in caplog.text
    page = client.get(f"/customers/{number}").text
    assert "York" in page
    assert FAILED in page
    assert FAILED not in client.get(f"/customers/{number}").text


@pytest.mark.usefixtures("broken")
def test_a_part_brings_the_notice_at_once_and_keeps_its_undo(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    answer = send(
        sign_in("sales"), f"/customers/{number}/facts/region", {"region": "York"}, htmx=True
    )
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["text"].startswith("Saved.")
    assert FAILED in toast["text"]
    assert toast["kind"] == "error"
    assert toast["undo"]["url"].endswith("/undo")


def test_where_nobody_fails_nothing_is_said(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    answer = send(client, f"/customers/{number}/facts/region", {"region": "York"}, htmx=True)
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["kind"] == "done"
    assert FAILED not in client.get(f"/customers/{number}", headers=HTMX).text
