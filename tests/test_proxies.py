"""A proxy before crmlite that is set up wrongly: people are told where to go, the owner in the log."""

import logging
from dataclasses import replace

import pytest
from flask import request

from crmlite.access import requires
from crmlite.app import create_app
from crmlite.testing import csrf_token

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])
FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
FORM = {"login": "manager", "password": "wrong"}


@pytest.fixture
def serve(app, monkeypatch):
    """An application with other settings; what it logs is heard."""
    monkeypatch.setattr(logging.getLogger("crmlite"), "propagate", True)

    def start(**changed):
        return create_app(replace(app.extensions["crmlite.config"], log_level="INFO", **changed))

    return start


def warned(caplog):
    return [one.message for one in caplog.records if one.name == "crmlite.headers"]


@pytest.mark.parametrize(
    ("settings", "sent", "word"),
    [
        ({"proxies": 0}, FORWARDED, "proxies is 0"),
        ({"proxies": 1}, {}, "sends no X-Forwarded-For"),
        ({"proxies": 1}, FORWARDED, ""),
        ({"proxies": 0}, {}, ""),
    ],
)
def test_settings_that_do_not_fit_the_proxy_are_said_once(serve, caplog, settings, sent, word):
    client = serve(**settings).test_client()
    form = FORM | {"csrf_token": csrf_token(client)}
    for _ in range(3):
        client.get("/healthz", headers=sent)
        client.post("/sign-in", data=form, headers=sent)
    assert [word in line for line in warned(caplog)] == ([True] if word else [])


def test_a_stranger_who_pretends_to_be_a_proxy_is_not_spoken_of(serve, caplog):
    client = serve().test_client()
    form = FORM | {"csrf_token": csrf_token(client)}
    far = {"REMOTE_ADDR": "9.9.9.9"}
    client.post("/sign-in", data=form, headers=FORWARDED, environ_base=far)
    assert warned(caplog) == []


def test_without_https_people_are_led_to_where_it_is(serve):
    client = serve(public_url="https://crm.example").test_client(use_cookies=False)
    refused = client.post("/sign-in", data=FORM)
    assert refused.status_code == 400
    assert "Open the book at https://crm.example instead" in refused.text


def test_with_https_a_page_that_is_too_old_is_called_so(serve):
    client = serve(public_url="https://crm.example").test_client()
    client.get("/sign-in", base_url="https://crm.example")
    refused = client.post("/sign-in", data=FORM, base_url="https://crm.example")
    assert "open for too long" in refused.text


@pytest.mark.parametrize(
    ("public_url", "words"),
    [("", "that you were given"), ("https://crm.example", "at https://crm.example instead")],
)
def test_a_name_that_the_proxy_hides_is_explained(serve, caplog, public_url, words):
    client = serve(public_url=public_url).test_client()
    data = FORM | {"csrf_token": csrf_token(client)}
    refused = client.post("/sign-in", data=data, headers={"Origin": "https://crm.other.example"})
    assert refused.status_code == 403
    assert words in refused.text
    assert any("public_url" in line for line in warned(caplog))


def test_only_the_nearest_proxies_are_believed(serve):
    app = serve(proxies=1)
    seen = []

    @app.get("/who")
    @requires(None)
    def who():
        seen.append((request.remote_addr, request.host, request.scheme))
        return ""

    told = {"X-Forwarded-For": "9.9.9.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
    app.test_client().get("/who", headers=told | {"Host": "crm.example"})
    assert seen == [("203.0.113.7", "crm.example", "https")]
