"""Requests that a page of ours did not send change nothing."""

from flask import Flask

from crmlite.testing import SignIn, csrf_token
from tests.access.conftest import Book, addresses, counted
from tests.figures import told

FORGED = (
    ("no token", {}, {}),
    ("an empty token", {"X-CSRFToken": ""}, {}),
    ("a made-up token", {"X-CSRFToken": "made.up.token"}, {}),
    ("a made-up token in the form", {}, {"csrf_token": "made.up.token"}),
    ("from another site", {"Sec-Fetch-Site": "cross-site"}, None),
    ("from a sibling site", {"Sec-Fetch-Site": "same-site"}, None),
    ("with another origin", {"Origin": "https://evil.example"}, None),
    ("with a null origin", {"Origin": "null"}, None),
)


def test_no_forged_request_changes_anything(app: Flask, sign_in: SignIn, book: Book):
    client = sign_in("manager")
    other = csrf_token(app.test_client())
    token = csrf_token(client, "/profile")
    before = counted(app)
    tried = [(*one, {}) for one in FORGED]
    tried += [
        ("of somebody else", {"X-CSRFToken": other}, {}, {}),
        ("the own token in the address", {}, {}, {"csrf_token": token}),
    ]
    sent, accepted = 0, []
    unsafe = [one for one in addresses(app) if one.methods & {"POST", "PUT", "PATCH", "DELETE"}]
    for one in unsafe:
        url = one.url(number=book.of_nobody)
        for what, headers, form, query in tried:
            right = {"X-CSRFToken": token} if form is None else {}  # only the origin is not
            response = client.post(
                url, headers=headers | right, data=form or {}, query_string=query
            )
            sent += 1
            if response.status_code not in (400, 403):
                accepted.append(f"{one.rule} {what}: {response.status_code}")
    told("forged requests", f"sent {sent}, accepted {len(accepted)}")
    assert accepted == []
    assert sent >= 6 * len(unsafe) >= 150
    assert counted(app) == before
