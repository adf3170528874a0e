"""PostgreSQL that goes away while crmlite runs: people are told, and go on as soon as it is back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import make_url

from crmlite.testing import SignIn, csrf_token

pytestmark = pytest.mark.parametrize("engine", ["postgresql"])
PAGES = ("/", "/today", "/customers", "/sign-in", "/static/no-such.css", "/no-such-page")
Shut = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def shut(app: Flask, postgresql_url: str) -> Shut:
    """Has the server let nobody in to this test's database, and sends away who is there."""
    named = str(make_url(app.extensions["crmlite.config"].url).database)
    name = sql.Identifier(named)
    plain = make_url(postgresql_url).set(drivername="postgresql")

    def run(*statements: sql.Composable) -> None:
        with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as way:
            for statement in statements:
                way.execute(statement)

    let_in = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    gone = sql.SQL(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
    )

    @contextmanager
    def closed() -> Iterator[None]:
        run(let_in.format(name, sql.SQL("false")), gone.format(sql.Literal(named)))
        try:
            yield
        finally:
            run(let_in.format(name, sql.SQL("true")))

    return closed


def test_connections_that_were_cut_are_made_anew(app: Flask, sign_in: SignIn, shut: Shut) -> None:
    client = sign_in("manager")
    assert client.get("/today").status_code == 200
    with shut():
        pass
    assert client.get("/today").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_every_page_says_so_and_when_to_try_again(
    app: Flask, sign_in: SignIn, shut: Shut, page: str, headers: dict[str, str]
) -> None:
    client = sign_in("manager")
    with shut():
        answer = client.get(page, headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The database does not answer" in answer.text
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("known", [True, False])
def test_also_to_those_who_chose_no_language(
    app: Flask, sign_in: SignIn, shut: Shut, page: str, known: bool
) -> None:
    client = sign_in("manager") if known else app.test_client()
    with client.session_transaction() as kept:
        kept.pop("lang", None)
    with shut():
        answer = client.get(page)
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text


def test_a_form_that_met_nobody_is_taken_later(app: Flask, sign_in: SignIn, shut: Shut) -> None:
    client = sign_in("manager")
    form = {"kind": "company", "name": "Patient Ltd", "incomplete": "1"}
    form["csrf_token"] = csrf_token(client, "/customers/new")
    with shut():
        assert client.post("/customers/new", data=form).status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert client.post("/customers/new", data=form).status_code == 303
    assert "Patient Ltd" in client.get("/customers").text
