"""Whatever is typed into a form, it is taken or refused by a sentence, and stays in its field."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite.testing import SignIn
from tests.access.conftest import Address, Book, addresses
from tests.applications import FIRST_ON_POSTGRESQL
from tests.figures import told
from tests.real_files import naughty_strings

TYPED = {"text", "search", "email", "tel", "url", "number", "date"}
OTHERWISE = {"/sign-in", "/profile/password"}  # tested where people sign in
NASTY = ("\x00", "9" * 400, "\u202etxet", "a\r\nb", "<b>x</b>", "-1", "31.02.2026", "x" * 20_000)


@dataclass
class Written:
    """A form of a page: where it goes, what it holds, which fields people type into, and in which
    of them something is wrong."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)


class Reader(HTMLParser):
    """Reads the forms that are sent with POST."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here
        self.forms: list[Written] = []
        self.form: Written | None = None
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a form and its fields."""
        had = {name: value or "" for name, value in attrs}
        if tag == "form" and had.get("method") == "post":
            self.form = Written(had.get("action") or self.here)
            self.forms.append(self.form)
        elif self.form is not None and "disabled" not in had:
            self._field(tag, had)

    def _field(self, tag: str, had: dict[str, str]) -> None:
        assert self.form is not None
        name, kind = had.get("name", ""), had.get("type", "text")
        if had.get("aria-invalid") == "true":
            self.form.refused.add(name)
        if tag == "textarea":
            self.area = name
            self.form.typed.append(name)
            self.form.values[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in had or self.select not in self.form.values:
                self.form.values[self.select] = had.get("value", "")
        elif tag == "input" and name:
            if kind in TYPED:
                self.form.typed.append(name)
            if kind in TYPED | {"hidden"} or "checked" in had:
                self.form.values[name] = had.get("value", "")

    def handle_data(self, data: str) -> None:
        """What stands in a large field."""
        if self.area and self.form is not None:
            self.form.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        """The end of a form or of a field."""
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def forms_of(page: str, here: str) -> list[Written]:
    """The forms of a page into which something is typed."""
    reader = Reader(here)
    reader.feed(page)
    return [form for form in reader.forms if form.typed and form.action not in OTHERWISE]


@dataclass(frozen=True)
class Place:
    """Where a form stands: the page, and which of its forms it is."""

    page: str
    number: int


def places(client: FlaskClient, pages: list[str]) -> list[Place]:
    """Every form, once."""
    found: dict[str, Place] = {}
    for page in pages:
        answer = client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for number, form in enumerate(forms_of(answer.text, page)):
                found.setdefault(form.action.partition("?")[0], Place(page, number))
    return list(found.values())


def visible(text: str) -> str:
    """The signs of a text that people see."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def stays(form: Written, name: str, text: str) -> bool:
    """Whether a field still holds what was typed: to the letter if it was refused, else as it was
    understood."""
    now = visible(form.values[name])
    return now == visible(text) if name in form.refused else bool(now) or not visible(text)


def try_out(client: FlaskClient, place: Place, text: str) -> list[str]:
    """What is wrong with the answer to a form in which every field holds this text. One that was taken
    and closes what it is about, such as a task, is offered no more."""
    offered = forms_of(client.get(place.page).text, place.page)
    if place.number >= len(offered):
        return []
    form = offered[place.number]
    answer = client.post(form.action, data=form.values | dict.fromkeys(form.typed, text))
    if answer.status_code >= 500:
        return [f"{form.action}: {answer.status_code} for {text[:40]!r}"]
    if answer.status_code not in (409, 422):
        return []
    again = [one for one in forms_of(answer.text, place.page) if set(form.typed) <= set(one.typed)]
    if not again:
        return [f"{form.action}: the form is gone after {text[:40]!r}"]
    return [
        f"{form.action}: {name} lost {text[:40]!r}"
        for name in form.typed
        if not stays(again[0], name, text)
    ]


def seen_by_all(one: Address) -> bool:
    """Whether the page of an address can be opened and leaves everything as it is."""
    return "GET" in one.methods and not one.rule.startswith("/static")


@FIRST_ON_POSTGRESQL
def test_whatever_is_typed_into_a_form_is_taken_or_stays_there(
    app: Flask, sign_in: SignIn, book: Book
) -> None:
    client: Any = sign_in("manager")
    pages = [one.url(number=book.of_nobody) for one in addresses(app) if seen_by_all(one)]
    found = places(client, sorted(pages))
    assert len(found) >= 20
    strings = naughty_strings()
    wrong = [
        fault
        for number, place in enumerate(found)
        for text in (*NASTY, *strings[number :: len(found)])
        for fault in try_out(client, place, text)
    ]
    told("naughty forms", f"forms {len(found)}, wrong {len(wrong)}")
    assert wrong == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_forms_are_read_as_browsers_read_them(engine: str) -> None:
    page = """<form method="post" action="/x"><input name="a" value="1"><input type="hidden" name="b"
      value="2"><textarea name="c">3 &lt; 4</textarea><select name="d"><option value="5">
      <option value="6" selected></select><input type="checkbox" name="e" value="7"></form>"""
    [form] = forms_of(page, "/")
    assert form == Written("/x", {"a": "1", "b": "2", "c": "3 < 4", "d": "6"}, ["a", "c"])
