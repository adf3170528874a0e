"""What a field allows but nobody means: the first and the last day, numbers without end. One field at a
time, the rest of the form filled in, so that it gets as far as it can; no answer, and no page that
shows what came of it, is 500. Of some 9,500 cases a commit tries each 29th, the night each 7th."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite.testing import SignIn, csrf_token
from tests.access.conftest import Address, addresses
from tests.access.kinds import kind_of
from tests.access.specimens import Collector, Shelf
from tests.access.unspoilt import Unspoilt, unspoilt
from tests.applications import FIRST_ON_POSTGRESQL
from tests.figures import told

NUMBERS = (
    *("0", "-1", "1e309", "-0", "0.0000001", "99999999999999999999", "2147483648", "1,5", "１２", "NaN"),
    *("9223372036854775807", "9223372036854775808", "1" * 400),
)  # fmt: skip
DAYS = ("0001-01-01", "9999-12-31", "1582-10-10", "2028-02-29", "1900-01-01", "10000-01-01")
TEXTS = ("\u202e", "a" * 300, "{name}", "{{7*7}}", "%(name)s", "%s", "\x00", "\ud83d", "=1+1", "'")
EXTREMES = {
    "number": NUMBERS,
    "date": DAYS,
    "datetime-local": tuple(f"{day}T{time}" for day in DAYS for time in ("00:00", "23:59")),
    "time": ("00:00", "23:59", "24:00", "12:61"),
    "month": ("0001-01", "9999-12"),
    "text": (*TEXTS, *NUMBERS[:7], *DAYS[:2]),
    "select": ("", "0", "-1", "no_such", "\x00", "9223372036854775808"),
    "radio": ("", "no_such", "\x00"),
    "checkbox": ("", "no_such", "\x00"),
    "hidden": ("", "-1", "no_such", "\x00", "9223372036854775808", "[" * 3000, "{}", "null", "9" * 5000),
}  # fmt: skip
PLAIN = {
    "number": "1",
    "date": "2026-12-01",
    "datetime-local": "2026-12-01T10:00",
    "time": "10:00",
    "month": "2026-12",
    "text": "Pump",
}
ENDS = {"/sign-out", "/profile/sessions/end", "/profile/password"}  # the session that walks here
SKIPPED = {"csrf_token", "version"}


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what they hold and their kind."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Reads the forms of a page that are sent with POST, filled in so that they get far: what is
    empty holds something plain, each box is ticked, each choice is made."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a form and its fields."""
        had = {name: value or "" for name, value in attrs}
        name = had.get("name", "")
        if tag == "form":
            to = had.get("hx-post") or (had.get("action") or self.here)
            self.form = (
                Form(to) if "post" in (had.get("method"), "hx-post" in had and "post") else None
            )
            self.forms += [self.form] if self.form else []
        if self.form is None or "disabled" in had:
            return
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            self._has(self.select, "select", had.get("value", ""), chosen="selected" in had)
        elif tag == "textarea" and name:
            self._has(name, "text", "")
        elif tag == "input" and name:
            kind = had.get("type", "text")
            kind = kind if kind in EXTREMES else "text"
            if kind in ("radio", "checkbox"):
                self._has(name, kind, had.get("value", "1"), chosen="checked" in had)
            elif had.get("type") != "file":
                self._has(name, kind, had.get("value", ""))

    def _has(self, name: str, kind: str, value: str, *, chosen: bool = False) -> None:
        assert self.form is not None
        self.form.kinds.setdefault(name, kind)
        if chosen or not self.form.values.get(name):
            self.form.values[name] = value or PLAIN.get(kind, "")

    def handle_endtag(self, tag: str) -> None:
        """The end of a form or of a choice."""
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""


def forms_of(page: str, here: str) -> list[Form]:
    """The forms of a page that change something."""
    reader = Reader(here)
    reader.feed(page)
    return reader.forms


def pages(app: Flask, shelf: Shelf) -> Iterator[str]:
    """Every page, about a record of each kind."""
    for one in sorted(addresses(app), key=lambda one: one.rule):
        if "GET" in one.methods and not one.rule.startswith("/static"):
            yield from addressed(one, shelf)


def addressed(one: Address, shelf: Shelf) -> Iterator[str]:
    """An address filled in with a record of its kind."""
    if not one.arguments:
        yield one.rule
        return
    standings = shelf[kind_of(one.rule).name]
    specimen = standings.get("own") or next(iter(standings.values()))
    query = "&".join(f"{name}={value}" for name, value in specimen.query.items())
    yield one.url(**specimen.at) + (f"?{query}" if query else "")


def forms_there(app: Flask, client: FlaskClient, shelf: Shelf) -> dict[str, list[Form]]:
    """The forms of every page that can be opened, by page."""
    found = {}
    for page in pages(app, shelf):
        with client.get(page) as answer:
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found[page] = forms_of(answer.text, page)
    return found


class Walk:
    """Sends forms, each of the same book, and looks at what came of them."""

    def __init__(self, client: FlaskClient, book: Unspoilt, looks: list[str], one_of: int) -> None:
        self.client, self.book = client, book
        self.turn, self.next_look = cycle(range(one_of)), cycle(looks)
        self.token = csrf_token(client, "/profile")
        self.sent = self.taken = 0
        self.broken: list[str] = []

    def through(self, form: Form) -> None:
        """As it stands, and each field with each of its extremes."""
        changes = [
            {name: value}
            for name, kind in form.kinds.items()
            if name not in SKIPPED
            for value in EXTREMES[kind]
        ]
        for changed in ({}, *changes):
            if next(self.turn) == 0:
                self.send(form, changed, [next(self.next_look)])

    def send(self, form: Form, changed: dict[str, str], looks: list[str]) -> None:
        """One form; if it was taken, pages that tell of it."""
        self.sent += 1
        data: Any = {
            name: value.encode("utf-8", "surrogatepass")
            for name, value in (form.values | changed).items()
        }
        sent = f"{form.action} with {str(changed)[:60]}"
        headers = {"X-CSRFToken": self.token}
        with self.client.post(form.action, data=data, headers=headers) as answer:
            to = answer.headers.get("Location") or ""
            if answer.status_code >= 500:
                self.broken.append(f"{sent}: {answer.status_code}")
        if self.book.has_been_written_to():
            self.taken += 1
            for page in (*looks, *([to] if to.startswith("/") else ())):
                with self.client.get(page) as seen:
                    if seen.status_code >= 500:
                        self.broken.append(f"{page} after {sent}: {seen.status_code}")
            self.book.take_back()


@FIRST_ON_POSTGRESQL
@pytest.mark.parametrize("one_of", [29, pytest.param(7, marks=pytest.mark.slow)])
def test_extremes_break_no_form_and_no_page(app: Flask, sign_in: SignIn, one_of: int) -> None:
    client = sign_in("manager")
    shelf = Collector(app, client).collect()
    number = shelf["customer"]["own"].at["number"]
    looks = ["/today", f"/customers/{number}", "/calendar", "/customers"]
    found: dict[str, Form] = {}
    for forms in forms_there(app, client, shelf).values():
        for form in forms:
            to = form.action.partition("?")[0]
            if to not in ENDS:
                found.setdefault(to + str(sorted(form.kinds)), form)
    with unspoilt(app) as book:
        walk = Walk(client, book, looks, one_of)
        for form in found.values():
            walk.through(form)
    told(
        "extremes",
        f"forms {len(found)}, sent {walk.sent}, taken {walk.taken}, broken {len(walk.broken)}",
    )
    assert walk.broken == []
    assert len(found) >= 100 and walk.sent >= 200 and walk.taken >= 100


@pytest.mark.slow
@FIRST_ON_POSTGRESQL
def test_names_in_chinese_alone_break_no_page(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    shelf = Collector(app, client).collect()
    there = forms_there(app, client, shelf)
    forms = {
        form.action.partition("?")[0]: form
        for found in there.values()
        for form in found
        if any(name.endswith("_zh") for name in form.kinds)
    }
    looks = list(there)
    with unspoilt(app) as book:
        walk = Walk(client, book, looks, 1)
        for form in forms.values():
            pairs = {name.removesuffix("_zh") for name in form.kinds if name.endswith("_zh")}
            words = {f"{name}_zh": f"只有中文{n}" for n, name in enumerate(sorted(pairs))}
            walk.send(form, words | {f"{name}_en": "" for name in pairs}, looks)
    told(
        "names in one language",
        f"forms {len(forms)}, taken {walk.taken}, pages {len(looks)}, broken {len(walk.broken)}",
    )
    assert walk.broken == []
    assert walk.taken >= 10 and len(looks) > 100
