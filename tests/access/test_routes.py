"""Every address × role × method: what is not allowed is refused before anything else happens."""

import re
import tomllib
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.access.gate import PUBLIC, SIGNED_IN, Undeclared, check_declared, requirement, requires
from crmlite.accounts.models import User
from crmlite.app import create_app
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import operation, records
from crmlite.work.actors import command_line
from tests.access.conftest import Address, Book, addresses
from tests.applications import Employ
from tests.figures import told

POLICY = Path(__file__).with_name("policy.toml")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = ("nobody", "sales", "support", "manager", "disabled")
LEAST = 3000


def test_the_table_names_every_address_with_its_right(app: Flask):
    declared = {
        f"{method} {one.rule}": need for one in addresses(app) for method, need in one.needs.items()
    }
    assert declared == tomllib.loads(POLICY.read_text("utf-8"))


# On one engine: whether somebody may is known before any statement is asked; which rows they get
# is looked at in test_secrets.py on both.
@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_cell_of_the_table_leaks(app: Flask, sign_in: SignIn, book: Book):
    grants = rights_of(app)
    clients = {
        "nobody": app.test_client(),
        "sales": sign_in("sales"),
        "support": sign_in("support"),
        "manager": sign_in("manager"),
        "disabled": disabled(app, sign_in),
    }
    tokens = {
        who: csrf_token(client, "/sign-in")
        if who in ("nobody", "disabled")
        else csrf_token(client, "/profile")
        for who, client in clients.items()
    }
    cells, leaks = 0, []
    for one in sorted(addresses(app), key=lambda one: one.rule):
        if one.rule in ("/sign-out", "/profile/sessions/end"):
            continue  # would end the very sessions that walk here
        for who in ROLES:
            for method in METHODS:
                for part in (False, True):
                    status = asked(clients[who], one, method, part, tokens[who], book)
                    cells += 1
                    if wrong := leak(one, who, method, status, grants):
                        leaks.append(f"{who} {method} {one.rule} {'part' if part else ''}: {wrong}")
    told("roles and addresses", f"cells {cells}, leaks {len(leaks)}")
    assert leaks == []
    assert cells >= LEAST


def rights_of(app: Flask) -> dict[str, set[str]]:
    """The rights of each role as shipped."""
    from crmlite.accounts.queries import roles

    with app.app_context():
        return {
            role.key: {name for name, scope in role.grants.items() if scope} for role in roles()
        }


def disabled(app: Flask, sign_in: SignIn) -> FlaskClient:
    """The client of somebody whose login was closed while they were signed in."""
    client = sign_in("sales2")
    with app.app_context():
        close(person_id("sales2"), by=command_line(), at=clock.now())
    return client


@operation("user_disabled")
def close(user_id: int, *, by: object, at: object) -> None:
    records.update(User, user_id, {"state": "disabled"})


def asked(
    client: FlaskClient, one: Address, method: str, part: bool, token: str, book: Book
) -> int:
    headers = {"X-CSRFToken": token}
    if part:
        headers["HX-Request"] = "true"
    url = one.url(number=book.of_nobody)
    with client.open(url, method=method, headers=headers) as response:
        return response.status_code


def leak(
    one: Address, who: str, method: str, status: int, grants: dict[str, set[str]]
) -> str | None:
    """What is wrong with an answer; None when nothing is."""
    if status >= 500 and one.rule != "/readyz":
        return f"answered {status}"
    if method not in one.methods:
        return None if status in (404, 405) else f"takes no {method} and answered {status}"
    need = one.needs[method]
    if need == PUBLIC:
        return None if status not in (401, 403) else f"is public and answered {status}"
    if who in ("nobody", "disabled"):
        return None if status in (303, 401) else f"answered {status} to nobody"
    if need != SIGNED_IN and need not in grants[who]:
        return None if status == 403 else f"answered {status} without {need}"
    return None if status not in (401, 405) else f"answered {status} in spite of {need}"


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("who", ["manager", "sales", "support", "sales2"])
def test_every_link_that_is_offered_may_be_followed(
    sign_in: SignIn, employ: Employ, book: Book, who: str
):
    employ("sales2", {"customers:see": "own"})
    client = sign_in(who)
    answers = {}
    for page in ("/today", "/customers", "/settings"):
        for link in re.findall(r'href="(/[^"#]*)"', client.get(page).text):
            if not link.startswith("/static/"):
                answers[link] = client.get(unescape(link)).status_code
    assert "/customers" in answers
    assert {link: status for link, status in answers.items() if status >= 400} == {}


def test_a_view_that_declares_nothing_keeps_crmlite_from_starting(app: Flask):
    fresh = create_app(app.extensions["crmlite.config"])
    fresh.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    with pytest.raises(Undeclared, match="forgotten"):
        check_declared(fresh)


def test_a_misspelt_right_keeps_crmlite_from_starting(app: Flask):
    fresh = create_app(app.extensions["crmlite.config"])
    fresh.add_url_rule("/odd", "odd", requires("custmers:see")(lambda: "never"))
    with pytest.raises(LookupError, match="custmers:see"):
        check_declared(fresh)


def test_an_undeclared_view_is_closed_to_managers_too(app: Flask, sign_in: SignIn):
    client = sign_in("manager")
    app.view_functions["dashboard.start"] = lambda: "open to all"
    assert client.get("/").status_code == 403


def test_static_files_are_open(app: Flask):
    with app.app_context():
        assert requirement("static") == PUBLIC
    with app.test_client().get("/static/crmlite.css") as response:
        assert response.status_code == 200
