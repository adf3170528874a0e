"""Customers for tests of their pages, and forms sent as a browser sends them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from crmlite import clock
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.testing import person_id
from crmlite.work.actors import command_line

MOBILE, EMAIL, AMOUNT = "13812345678", "c.harlow@riverton.example", 128_600_000
HTMX = {"HX-Request": "true"}
FIRM = {
    "name": "Riverton New Energy Ltd",
    "kind": "company",
    "industry": "C38",
    "stage": "discovery",
    "region": "Leeds",
    "annual_amount": AMOUNT,
}
CLAIRE = {"name": "Claire Harlow", "title": "Director", "mobile": MOBILE, "email": EMAIL}


def add(
    app: Flask,
    owner: str | None,
    *,
    contacts: Any = (CLAIRE,),
    aliases: Any = (),
    needs: Any = (),
    remarks: Any = (),
    **values: Any,
) -> str:
    """A customer of somebody; answers its number."""
    with app.app_context():
        owner_id = person_id(owner) if owner else None
        draft = CustomerDraft(
            values={**FIRM, "owner_id": owner_id, **values},
            contacts=contacts,
            aliases=aliases,
            needs=needs,
            remarks=remarks,
        )
        made = create_customer(draft, by=command_line(), at=clock.now())
        database.session.remove()
    return str(made["number"])


class Inputs(HTMLParser):
    """What a browser would send of the forms of a page, by action."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.form: dict[str, str] | None = None
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take forms and their controls."""
        given = dict(attrs)
        if tag == "form":
            self.form = self.forms.setdefault(given.get("action") or "", {})
        if self.form is None:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name:
            chosen = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if chosen and given.get("type") != "submit":
                self.form[name] = value
        elif tag == "textarea":
            self.area = name
            self.form[name] = ""
        elif tag == "select":
            self.select = name
            self.form.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in given:
            self.form[self.select] = value

    def handle_data(self, data: str) -> None:
        """Take the text of a text area."""
        if self.area and self.form is not None:
            self.form[self.area] += data.lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave forms and controls."""
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def form_on(client: FlaskClient, page: str, action: str = "") -> dict[str, str]:
    """What a form on a page would send, untouched."""
    answer = client.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return form_in(answer, action or page)


def form_in(answer: Any, action: str) -> dict[str, str]:
    """What a form of an answer would send, untouched."""
    inputs = Inputs()
    inputs.feed(answer.text)
    return inputs.forms[action]


def send(
    client: FlaskClient,
    page: str,
    changes: Mapping[str, Any] | None = None,
    *,
    to: str = "",
    htmx: bool = False,
) -> Any:
    """Open a page, change its form and send it; answers the response."""
    data = form_on(client, page, to or page) | dict(changes or {})
    return client.post(to or page, data=data, headers=HTMX if htmx else {})


def press(client: FlaskClient, url: str, data: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """Press a button that posts."""
    token = form_on(client, "/customers/new")["csrf_token"]
    return client.post(url, data={"csrf_token": token, **(data or {})}, **more)


@dataclass
class Statements:
    """The SQL that ran meanwhile."""

    asked: list[str] = field(default_factory=list)

    @property
    def own(self) -> list[str]:
        """Without what every page needs: session, epoch, settings."""
        return [
            text
            for text in self.asked
            if not any(f"FROM {name}" in text.replace('"', "") for name in SHARED)
            and text.split(None, 1)[0] in ("SELECT", "WITH", "(SELECT")
        ]


SHARED = ("user_session", "session", "epoch", "setting", "choice", "login_session")


@contextmanager
def counted(app: Flask) -> Iterator[Statements]:
    """Collects the statements that an application runs."""
    found = Statements()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.asked.append(" ".join(statement.split()))

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
