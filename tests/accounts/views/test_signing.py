"""Signing in and out, as visitors and attackers meet it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from crmlite import clock
from crmlite.accounts import operations, passwords
from crmlite.accounts.models import Session
from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.testing import PASSWORD, config_for, csrf_token, person_id
from crmlite.work.actors import command_line
from tests.accounts.conftest import NEW_PASSWORD

PARTS = {"HX-Request": "true"}
ELSEWHERES = (
    "//evil.example", "/\\evil.example", "\\/evil.example", "///evil.example", "/\t/evil.example",
    "https://evil.example", "https:evil.example", "http:///evil.example", "javascript:alert(1)",
    "/%09/evil.example\n", "/ok\r\nSet-Cookie: a=b", "evil.example", "/\x00", " /today", "", "/a b",
    "/" + "a" * 3000,
)  # fmt: skip


def same(text):
    """A page without what differs from request to request."""
    text = re.sub(r'name="(csrf_token|form_key)"[^>]*>', "", text)
    text = re.sub(r'value="[^"]*" *name="csrf_token"', "", text)
    return re.sub(r'"X-CSRFToken": *"[^"]*"|value="[\w.-]{60,}"', "", text)


def attempt(client, login, password, **more):
    """Send the form."""
    data = {"login": login, "password": password, "csrf_token": csrf_token(client), **more}
    return client.post("/sign-in", data=data)


def test_signing_in_leads_to_today(client):
    response = attempt(client, "sales", PASSWORD)
    assert (response.status_code, response.location) == (303, "/today")
    assert client.get("/profile").status_code == 200


def test_the_login_may_be_written_in_any_way(client):
    assert attempt(client, "  SaLeS ", PASSWORD).status_code == 303


def test_unknown_wrong_and_disabled_get_the_same_bytes(client, app):
    with app.app_context():
        at, by = clock.now(), command_line()
        operations.disable_user(person(app, "support"), by=by, at=at)
    answers = [
        attempt(client, login, password)
        for login, password in (
            ("sales", "wrong password 1"),
            ("nobody", "wrong password 1"),
            ("support", "wrong password 1"),
            ("support", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {422}
    bodies = {
        same(answer.text).replace(login, "LOGIN")
        for answer, login in zip(answers, ("sales", "nobody", "support", "support"), strict=True)
    }
    assert len(bodies) == 1
    assert "User name or password is wrong." in bodies.pop()
    assert client.get("/profile").status_code == 303


def test_the_password_is_never_sent_back(client):
    assert "hunter2hunter2" not in attempt(client, "sales", "hunter2hunter2").text


def test_a_session_of_before_is_not_taken_over(app, client):
    """Fixation: cookie and token are new after signing in, whatever the visitor brought."""
    client.get("/sign-in")
    before = client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    token_before = csrf_token(client)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "planted"
        cookie["planted"] = "yes"
    assert attempt(client, "sales", PASSWORD).status_code == 303
    assert client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value != before
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "planted" not in cookie
    response = client.post("/profile/theme", data={"theme": "dark", "csrf_token": token_before})
    assert response.status_code == 400


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("public_url", "name", "more"),
    [("", "sid-", set()), ("https://a.example", "__Host-sid-", {"Secure"})],
)
def test_the_cookie_is_for_this_site_alone_and_not_for_scripts(app, public_url, name, more):
    config = replace(app.extensions["crmlite.config"], public_url=public_url)
    told = create_app(config).test_client().get("/sign-in").headers["Set-Cookie"].split("; ")
    assert re.match(f"{name}[0-9a-f]{{8}}=", told[0])
    assert set(told[1:]) == {"HttpOnly", "Path=/", "SameSite=Lax"} | more


@pytest.mark.parametrize("engine", ["sqlite"])
def test_another_book_on_the_machine_has_a_cookie_of_another_name(app, tmp_path):
    again = create_app(app.extensions["crmlite.config"])
    other = create_app(config_for(tmp_path / "other"))
    names = [one.config["SESSION_COOKIE_NAME"] for one in (app, again, other)]
    assert names[0] == names[1] != names[2]


def test_signing_in_again_ends_the_session_of_before(app, sign_in):
    client = sign_in("sales")
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
    assert attempt_signed_in(client, "support").status_code == 303
    with app.app_context():
        assert len(database.session.execute(Session.__table__.select()).all()) == 1
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_who_is_shut_out_while_signing_in_stays_outside(app, client, monkeypatch):
    real = passwords.matches

    def slowly(kept, password):
        answer = real(kept, password)
        operations.disable_user(person_id("sales"), by=command_line(), at=clock.now())
        return answer

    monkeypatch.setattr(passwords, "matches", slowly)
    assert attempt(client, "sales", PASSWORD).status_code == 422
    assert client.get("/profile").status_code == 303


def test_signing_out_ends_the_session_in_the_database_too(app, sign_in):
    client = sign_in("sales")
    copy = app.test_client()
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    with copy.session_transaction() as cookie:
        cookie.update(kept)
    assert copy.get("/profile").status_code == 200
    token = csrf_token(client, "/profile/password")
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    for who in (client, copy):
        response = who.get("/profile")
        assert (response.status_code, response.location) == (303, "/sign-in?next=/profile")


def test_an_expired_session_answers_htmx_with_where_to_sign_in(sign_in, later):
    client = sign_in("sales")
    later(timedelta(hours=9))
    response = client.get("/profile", headers=PARTS)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in"
    response = client.get("/profile?a=1")
    assert (response.status_code, response.location) == (303, "/sign-in?next=/profile?a%3D1")


def test_whoever_sends_a_form_too_late_is_led_to_no_address_that_only_takes_forms(client):
    data = {"csrf_token": csrf_token(client), "theme": "dark"}
    sent = client.post("/profile/theme", data=data)
    assert (sent.status_code, sent.location) == (303, "/sign-in")


def test_the_way_there_is_kept(client):
    page = client.get("/sign-in?next=/customers?tier=a%26sort=name").text
    assert 'value="/customers?tier=a&amp;sort=name"' in page
    response = attempt(client, "sales", PASSWORD, next="/customers?tier=a&sort=name")
    assert response.location == "/customers?tier=a&sort=name"


def test_signing_in_leads_nowhere_else(app, client):
    for target in ELSEWHERES:
        page = client.get("/sign-in", query_string={"next": target}).text
        assert 'name="next" type="hidden" value=""' in page, target
        response = attempt(client, "sales", PASSWORD, next=target)
        assert (response.status_code, response.location) == (303, "/today"), target
        response = client.get("/sign-in", query_string={"next": target})
        assert (response.status_code, response.location) == (303, "/today"), target
        client.delete_cookie(app.config["SESSION_COOKIE_NAME"])


def test_after_many_mistakes_the_page_says_how_long_to_wait(client):
    for _ in range(5):
        assert attempt(client, "sales", "wrong password 1").status_code == 422
    response = attempt(client, "sales", PASSWORD)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 2
    assert "Too many tries. Wait" in response.text
    assert 'value="sales"' in response.text
    for _ in range(2):
        attempt(client, "nobody-else", "wrong password 1")
    assert client.get("/profile").status_code == 303


def test_unknown_logins_are_slowed_down_alike(client):
    statuses = {
        login: [attempt(client, login, "wrong password 1").status_code for _ in range(8)]
        for login in ("support", "nobody-at-all")
    }
    assert statuses["support"] == statuses["nobody-at-all"] == [422] * 5 + [429] * 3


def test_the_owner_signs_in_from_home_while_others_guess(app, client):
    for place in range(22):
        guesser = app.test_client()
        token = csrf_token(guesser)
        guesser.post(
            "/sign-in",
            data={"login": "manager", "password": "wrong password 1", "csrf_token": token},
            environ_base={"REMOTE_ADDR": f"198.18.{place}.1"},
        )
    assert attempt(client, "manager", PASSWORD).status_code == 303


def test_the_form_needs_its_token(client):
    client.get("/sign-in")
    data = {"login": "sales", "password": PASSWORD}
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": "IjEi.ZZZ.aaa"}):
        assert client.post("/sign-in", data=data | token).status_code == 400
    assert client.get("/profile").status_code == 303


def test_other_sites_cannot_sign_anybody_in_or_out(client, sign_in):
    foreign = {"Sec-Fetch-Site": "cross-site"}
    data = {"login": "sales", "password": PASSWORD, "csrf_token": csrf_token(client)}
    assert client.post("/sign-in", data=data, headers=foreign).status_code == 403
    signed = sign_in("sales")
    token = csrf_token(signed, "/profile/password")
    response = signed.post("/sign-out", data={"csrf_token": token}, headers=foreign)
    assert response.status_code == 403
    assert signed.get("/profile").status_code == 200


def test_signing_out_takes_a_post(sign_in):
    client = sign_in("sales")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/profile").status_code == 200


def test_missing_fields_are_named(client):
    response = client.post("/sign-in", data={"csrf_token": csrf_token(client)})
    assert response.status_code == 422
    assert response.text.count("Please fill this in.") == 2


def test_a_book_without_people_says_which_command_makes_the_first(app, client):
    with app.app_context():
        from crmlite.accounts.models import Membership, User

        with database.engine.begin() as connection:
            connection.execute(Membership.__table__.delete())
            connection.execute(User.__table__.delete())
    assert "crmlite user create" in client.get("/sign-in", follow_redirects=True).text


def test_the_page_speaks_chinese(client):
    client.get("/sign-in?lang=zh")
    page = client.get("/sign-in").text
    assert 'lang="zh-Hans"' in page
    assert "登录" in page
    answer = attempt(client, "sales", "wrong password 1").text
    assert "用户名或密码不对。" in answer


def test_an_older_hash_is_renewed_on_the_way(app, client, rows):
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with app.app_context():
        operations.change_own_password(
            person(app, "sales"), cheap, by=command_line(), at=clock.now()
        )
    assert attempt(client, "sales", PASSWORD).status_code == 303
    (row,) = rows("SELECT password_hash FROM \"user\" WHERE login = 'sales'")
    assert row["password_hash"] != cheap
    assert not passwords.is_outdated(row["password_hash"])
    assert passwords.matches(row["password_hash"], PASSWORD)


@pytest.mark.parametrize("name", ["login", "password", "next"])
def test_naughty_input_is_refused_and_nothing_else(client, naughty, name):
    token = csrf_token(client)
    for text in naughty[:: max(1, len(naughty) // 25)]:
        data = {"login": "someone", "password": NEW_PASSWORD, "csrf_token": token, name: text}
        assert client.post("/sign-in", data=data).status_code in (422, 429), text


def person(app, login):
    """The id of one of the people."""
    with app.app_context():
        return person_id(login)


def attempt_signed_in(client, login):
    """Sign in as somebody else without signing out."""
    token = csrf_token(client, "/profile/password")
    return client.post("/sign-in", data={"login": login, "password": PASSWORD, "csrf_token": token})
