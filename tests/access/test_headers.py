"""Every answer carries the headers that keep pages safe, errors and files included."""

import re

import pytest
from flask import Flask

from crmlite.testing import SignIn, csrf_token
from tests.access.conftest import Book, addresses

WANTED = {
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
        policy = response.headers.get("Content-Security-Policy", "")
        if "script-src 'self'" not in policy or "unsafe-inline" in policy:
            wrong.append(f"{method} {url}: policy {policy!r}")
        wrong += [
            f"{method} {url}: {name}"
            for name, value in WANTED.items()
            if response.headers.get(name) != value
        ]
        if not url.startswith("/static") and response.headers.get("Cache-Control") != "no-store":
            wrong.append(f"{method} {url}: may be cached")
        if response.mimetype == "text/html" and (found := INLINE.search(response.text)):
            wrong.append(f"{method} {url}: inline {found[0]!r}")
    assert wrong == []
    assert answers >= 200
