"""What somebody learns who guesses logins, and which sessions outlive what ends them."""

import re
import statistics
import time
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.accounts import passwords
from crmlite.accounts.operations import (
    UserChange,
    disable_user,
    enable_user,
    set_password,
    update_user,
)
from crmlite.extensions import database
from crmlite.testing import PASSWORD, SignIn, csrf_token, person_id
from crmlite.work.actors import command_line
from tests.applications import HASHER
from tests.customers.records import send
from tests.figures import told

TRIES = 200
MOST = 0.05  # of the time that a try takes


@pytest.fixture
def dear(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Passwords as dear as they are for those who guess; other tests have cheap ones."""
    monkeypatch.setattr(passwords, "HASHER", HASHER)
    passwords._nobodys.cache_clear()
    with app.app_context():
        kept = passwords.hashed(PASSWORD)
        for login in ("sales", "support"):
            set_password(person_id(login), kept, by=command_line(), at=clock.now())
        disable_user(person_id("support"), by=command_line(), at=clock.now())
        database.session.remove()
    yield
    passwords._nobodys.cache_clear()


@pytest.mark.slow
def test_a_wrong_password_takes_as_long_whoever_it_is_for(app: Flask, dear: None):
    client = app.test_client()
    token = csrf_token(client)
    networks = (f"10.{number >> 8}.{number & 255}.1" for number in count())  # none is slowed down

    def seconds(login: str) -> float:
        form = {"login": login, "password": "not the password", "csrf_token": token}
        place = {"REMOTE_ADDR": next(networks)}
        began = time.perf_counter()
        answer = client.post("/sign-in", data=form, environ_overrides=place)
        took = time.perf_counter() - began
        assert answer.status_code == 422
        return took

    took: dict[str, list[float]] = {"sales": [], "nobody.here": [], "support": []}
    logins = list(took)
    for login in logins * 2:
        seconds(login)
    for turn in range(TRIES):
        for place in range(len(logins)):  # each is as often first as the others
            login = logins[(turn + place) % len(logins)]
            took[login].append(seconds(login))
    known, unknown, shut_out = (statistics.median(took[login]) for login in logins)
    apart = max(abs(unknown - known), abs(shut_out - known)) / known
    told(
        "guessed logins",
        f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms, "
        f"shut out {shut_out * 1000:.1f} ms, {apart:.1%} apart of at most {MOST:.0%}",
    )
    assert apart < MOST


def test_they_are_answered_the_same(app: Flask, dear: None):
    def answer(login: str) -> tuple[int, str]:
        client = app.test_client()
        form = {"login": login, "password": "not the password", "csrf_token": csrf_token(client)}
        answer = client.post("/sign-in", data=form)
        page = answer.text.replace(login, "")
        return answer.status_code, re.sub(r"[\w-]{20,}(\.[\w-]+)*", "token", page)

    assert answer("sales") == answer("nobody.here") == answer("support")


NEW = "another horse, another staple"
End = Callable[[Flask, FlaskClient], None]


def signs_out(_app: Flask, first: FlaskClient) -> None:
    first.post("/sign-out", data={"csrf_token": csrf_token(first, "/profile")})


def ends_the_others(_app: Flask, first: FlaskClient) -> None:
    first.post("/profile/sessions/end", data={"csrf_token": csrf_token(first, "/profile")})


def changes_the_password(_app: Flask, first: FlaskClient) -> None:
    answer = send(first, "/profile/password", {"current": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 303


def is_given_a_password(app: Flask, _first: FlaskClient) -> None:
    change = set_password
    _done(app, lambda who: change(who, passwords.hashed(NEW), by=command_line(), at=clock.now()))


def is_shut_out(app: Flask, _first: FlaskClient) -> None:
    _done(app, lambda who: disable_user(who, by=command_line(), at=clock.now()))


def is_shut_out_and_let_in_again(app: Flask, first: FlaskClient) -> None:
    is_shut_out(app, first)
    _done(app, lambda who: enable_user(who, by=command_line(), at=clock.now()))


def gets_another_role(app: Flask, _first: FlaskClient) -> None:
    change = UserChange(login="sales", name="Sales", role="support")
    _done(app, lambda who: update_user(who, change, by=command_line(), at=clock.now()))


def _done(app: Flask, work: Callable[[int], object]) -> None:
    with app.app_context():
        work(person_id("sales"))
        database.session.remove()


FIRST, OTHERS, ALL = (0,), (1, 2), (0, 1, 2)


@pytest.mark.parametrize(
    ("end", "ended"),
    [
        (signs_out, FIRST),
        (ends_the_others, OTHERS),
        (changes_the_password, OTHERS),
        (is_given_a_password, ALL),
        (is_shut_out, ALL),
        (is_shut_out_and_let_in_again, ALL),
        (gets_another_role, ALL),
    ],
)
def test_no_session_outlives_what_ends_it(
    app: Flask, sign_in: SignIn, end: End, ended: tuple[int, ...]
):
    clients = [sign_in("sales") for _ in range(3)]
    tokens = [csrf_token(client, "/profile") for client in clients]
    stolen = [dict(client._cookies) for client in clients]  # as somebody kept a copy of each
    end(app, clients[0])
    survivors = []
    for place, cookies in enumerate(stolen):
        thief = app.test_client()
        thief._cookies = cookies
        answers = [
            thief.get("/today"),
            thief.get("/today", headers={"HX-Request": "true"}),
            thief.post("/profile/theme", data={"theme": "dark", "csrf_token": tokens[place]}),
        ]
        turned_away = [answer.status_code in (303, 401) for answer in answers[:2]]
        turned_away.append("/sign-in" in answers[2].headers.get("Location", ""))
        assert all(turned_away) or not any(turned_away), [one.status_code for one in answers]
        if not any(turned_away):
            survivors.append(place)
    outlived = set(survivors) & set(ended)
    told("ended sessions", f"{end.__name__}: ended {len(ended)}, survivors {len(outlived)}")
    assert survivors == [place for place in range(3) if place not in ended]
