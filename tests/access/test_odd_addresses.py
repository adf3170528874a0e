"""Whatever stands in an address, in its path or behind the question mark, no answer is 500."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from crmlite.testing import SignIn, csrf_token
from tests.access.conftest import Address, Book, addresses
from tests.applications import FIRST_ON_POSTGRESQL
from tests.figures import told

HALF = "%ED%A0%80"  # a lone surrogate
LONG = "9" * 5000
NO_ID = ("-1", str(2**31), str(2**63), LONG, "%D9%A1", "%00", HALF)
IDS = ("0", *NO_ID)
WORDS = ("%00", HALF, "x" * 5000, str(2**63), "..%00", "%F0%9F%90%89", "_method", "endpoint")
FIRST, LAST = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
DAYS = ("0001-01-01", "9999-12-31", "0001-01", "9999-12", "9999-W52")
PLAIN = ("\x00", "\ud800", "x" * 5000, str(2**31), str(2**63), LONG, FIRST, LAST, *DAYS)
SHAPED = {
    "before": (
        f"{FIRST}~need-000000000001",
        f"{LAST}~interaction-000000000001",
        "2026-01-01T00:00:00Z~interaction-999999999999",
        "2026-01-01T00:00:00Z~change-999999999999",
    ),
    "from": (f"a{2**31}", f"b{'9' * 18}", f"a{LONG}"),
    "w": (
        "owner~is~9223372036854775807",
        "team~is~9223372036854775807",
        "risks~below~3000000000",
        "created~before~0001-01-01",
        "next_step~after~-9999y",
        "name~is~\x00",
    ),
    "where": (f'{{"all": [{LONG}]}}', "[" * 5000, '{"any": [["age", "is", 1e999]]}'),
}
ASKED = (
    ("age", "at_least"),
    ("annual_amount", "above"),
    ("created", "before"),
    ("name", "contains"),
    ("owner", "is"),
    ("phone", "ends"),
    ("tags", "has_any"),
    ("team", "is"),
)
MARKED = ("name", "created", "updated", "last_contact", "interactions")
ENDLESS = {"/sign-out", "/profile/sessions/end"}  # would end the session that walks here
OPEN_TO_TROUBLE = {"/readyz"}  # says with its status what is wrong with the machine


class Noted(ImmutableMultiDict[str, str]):
    """Query parameters that note which ones are asked for."""

    asked: set[str]

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any, **named: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *more, **named)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


@pytest.fixture
def asked(app: Flask) -> set[str]:
    """The query parameters that views asked for since it was emptied."""
    found: set[str] = set()

    class Noting(Request):
        @property
        def args(self) -> Any:
            noted = Noted(super().args)
            noted.asked = found
            return noted

    app.request_class = Noting
    return found


def written(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def marker(value: object, row_id: int, sort: str) -> str:
    raw = json.dumps([sort, 0, 0, value, row_id]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def markers() -> Iterator[tuple[str, str]]:
    """Orders with page markers of theirs that hold what no column does."""
    for sort in MARKED:
        for value in (FIRST, LAST, 2**31, 2**63, "\x00", "\ud800", None):
            yield sort, marker(value, 1, sort)
        yield sort, marker(None, 2**31, sort)


def walked(app: Flask) -> list[Address]:
    """The addresses of pages, in order."""
    found = sorted(addresses(app), key=lambda one: one.rule)
    return [one for one in found if one.rule not in ENDLESS and not one.rule.startswith("/static")]


def status(client: FlaskClient, method: str, path: str, query: str, token: str) -> int:
    """What is answered to a path as it comes off the line: its bytes, whatever they are."""
    raw = unquote_to_bytes(path).decode("latin-1")
    with client.open(
        "/",
        method=method,
        query_string=query,
        headers={"X-CSRFToken": token, "HX-Request": "true"},
        environ_overrides={"PATH_INFO": raw, "REQUEST_URI": path},
    ) as response:
        return response.status_code


@FIRST_ON_POSTGRESQL
def test_no_part_of_a_path_breaks_a_page(app: Flask, sign_in: SignIn, book: Book):
    client = sign_in("manager")
    token = csrf_token(client, "/profile")
    asked_for, broken = 0, []
    for one in walked(app):
        for name in sorted(one.arguments):
            is_id = f"<int:{name}>" in one.rule
            for odd in IDS if is_id else WORDS:
                path = one.url(**{"number": book.of_nobody, name: odd})
                for method in sorted(one.methods):
                    asked_for += 1
                    found = status(client, method, path, "", token)
                    if found >= 500 or (is_id and odd in NO_ID and found != 404):
                        broken.append(f"{method} {path[:80]}: {found}")
    told("odd addresses", f"asked for {asked_for}, broken {len(broken)}")
    assert broken == []
    assert asked_for >= 500


def queries(name: str) -> Iterator[str]:
    """What may be sent as one parameter."""
    for value in (*PLAIN, *SHAPED.get(name, ())):
        yield f"{written(name)}={written(value)}"


def conditions() -> Iterator[str]:
    """Conditions as their form sends them."""
    for field, operator in ASKED:
        for value in PLAIN:
            yield f"field={field}&operator={operator}&value={written(value)}&set=1"


@FIRST_ON_POSTGRESQL
def test_no_query_breaks_a_page(app: Flask, sign_in: SignIn, book: Book, asked: set[str]):
    client = sign_in("manager")
    token = csrf_token(client, "/profile")
    pages = [one.url(number=book.of_nobody) for one in walked(app) if "GET" in one.methods]
    wanted: dict[str, set[str]] = {}
    for path in pages:
        asked.clear()
        status(client, "GET", path, "", token)
        wanted[path] = set(asked)
    of_all = set.intersection(*wanted.values())
    cells = [
        (path, query)
        for path, names in wanted.items()
        for name in sorted(names if path == "/profile" else names - of_all)
        for query in queries(name)
    ]
    cells += [("/customers/conditions", query) for query in conditions()]
    cells += [("/customers", f"sort={sort}&page={mark}") for sort, mark in markers()]
    broken = [
        f"{path}?{query[:80]}"
        for path, query in cells
        if status(client, "GET", path, query, token) >= 500 and path not in OPEN_TO_TROUBLE
    ]
    told("odd queries", f"sent {len(cells)}, broken {len(broken)}")
    assert broken == []
    assert {"w", "where", "before", "from", "page", "q", "name"} <= set().union(*wanted.values())
    assert len(cells) >= 500
