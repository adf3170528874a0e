"""Every answer carries the headers that keep pages safe, errors and files included."""

import re
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy.exc import OperationalError

from crmlite.access import sensitive
from crmlite.app import create_app
from crmlite.serving.warming import warm
from crmlite.testing import PASSWORD, SignIn, csrf_token
from tests.access.conftest import Book, addresses
from tests.figures import told

WANTED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-src 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|hx-on|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_all_answers_have_them(app: Flask, sign_in: SignIn, book: Book):
    client = sign_in("manager")
    token = csrf_token(client, "/profile")
    answers, wrong = 0, []
    tried = [
        (method, one.url(number=book.of_sales))
        for one in addresses(app)
        for method in ("GET", "POST", "DELETE")
        if one.rule not in ("/sign-out", "/profile/sessions/end")
    ]
    tried += [("GET", "/nowhere"), ("GET", "/static/none.css"), ("POST", "/today")]
    for method, url in tried:
        response = client.open(url, method=method, headers={"X-CSRFToken": token})
        response.close()
        answers += 1
        wrong += [
            f"{method} {url}: {name}"
            for name, value in WANTED.items()
            if response.headers.get(name) != value
        ]
        kept = url == "/static/crmlite.css" and method == "GET"
        if not kept and response.headers.get("Cache-Control") != "no-store":
            wrong.append(f"{method} {url}: may be cached")
        if response.mimetype == "text/html" and (found := INLINE.search(response.text)):
            wrong.append(f"{method} {url}: inline {found[0]!r}")
    told("headers", f"answers {answers}, wrong {len(wrong)}")
    assert wrong == []
    assert answers >= 200


def arranged(app: Flask, **more: Any) -> Flask:
    """The same book behind other settings."""
    return create_app(replace(app.extensions["crmlite.config"], **more))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_files_of_the_pages_are_kept_by_browsers_for_a_year(app: Flask):
    with app.test_client().get("/static/crmlite.css") as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("public_url", "told"),
    [("https://crm.example", "max-age=31536000"), ("http://crm.example", None), ("", None)],
)
def test_only_behind_https_browsers_are_told_to_stay_there(
    app: Flask, public_url: str, told: str | None
):
    response = arranged(app, public_url=public_url).test_client().get("/sign-in")
    assert response.headers.get("Strict-Transport-Security") == told


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://crm.example", 303), ("http://localhost", 403), ("http://[x]", 403), ("null", 403)],
)
def test_a_change_comes_from_the_public_address_whatever_the_host_behind_it(
    app: Flask, origin: str, status: int
):
    client = arranged(app, public_url="http://crm.example").test_client()
    data = {"login": "sales", "password": PASSWORD, "csrf_token": csrf_token(client)}
    sent = client.post("/sign-in", data=data, headers={"Origin": origin})
    assert sent.status_code == status


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("a.example", 200), ("b.example", 200), ("evil.example", 400)),
        *(
            ("localhost", 200),
            ("127.0.0.1:8000", 200),
        ),
    ],
)
def test_only_the_hosts_that_are_trusted_are_answered(app: Flask, host: str, status: int):
    client = arranged(app, trusted_hosts="a.example, b.example").test_client()
    assert client.get("/sign-in", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_host_that_is_not_trusted_gets_a_page_that_says_so(app: Flask, method: str):
    client = arranged(app, trusted_hosts="a.example").test_client()
    sent = {
        "Host": "evil.example",
        "Origin": "http://evil.example",
        "Referer": "http://evil.example/",
    }
    refused = client.open("/sign-in", method=method, headers=sent)
    assert (refused.status_code, refused.mimetype) == (400, "text/html")
    assert 'href="http' not in refused.text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_page_that_failed_leads_back_to_this_site_only(app: Flask, monkeypatch):
    def fails() -> None:
        raise RuntimeError

    app.before_request_funcs[None].insert(0, fails)
    path = {"PATH_INFO": "/\t/evil.example\n"}
    shown = app.test_client().get("/?a=1", environ_overrides=path).text
    assert 'href="/%09/evil.example%0A?a=1"' in shown
    assert '/evil.example"' not in shown


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("path", "words"),
    [("/profile", "Nothing was changed"), ("/profile/theme", "What you sent was done")],
)
def test_what_stands_in_for_a_page_that_could_not_be_noted_is_safe_and_true(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, path: str, words: str
):
    client = sign_in("sales")
    given = {"csrf_token": csrf_token(client, "/profile"), "theme": "dark"}

    def fails(*_given: Any) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(sensitive, "write_viewings", fails)
    app.before_request_funcs[None].append(lambda: g.setdefault("viewed", {"user": ()}) and None)
    answer = client.get(path) if path == "/profile" else client.post(path, data=given)
    assert answer.status_code == 503
    assert words in answer.text
    assert {name: answer.headers.get(name) for name in WANTED} == WANTED
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_instance_that_trusts_some_hosts_can_be_served(app: Flask):
    warm(arranged(app, trusted_hosts="a.example"))


@pytest.mark.parametrize("path", ["/customers//C001", "//evil.example", "/today/", "/./today"])
def test_no_address_leads_to_a_host_that_the_request_names(sign_in: SignIn, path: str) -> None:
    answer = sign_in("manager").get(
        "/", headers={"Host": "evil.example"}, environ_overrides={"PATH_INFO": path}
    )
    assert answer.status_code == 404
    assert "Location" not in answer.headers
