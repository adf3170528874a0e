"""Changing one's own password."""

from crmlite.testing import PASSWORD, csrf_token
from tests.accounts.conftest import NEW_PASSWORD

WHOLE = {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}


def signs_in(app, login, password):
    """Whether a password lets in."""
    client = app.test_client()
    data = {"login": login, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/sign-in", data=data).status_code == 303


def test_a_new_password_holds_and_ends_all_other_sessions(app, sign_in, send):
    client, phone = sign_in("sales"), sign_in("sales")
    response = send(client, "/profile/password", **WHOLE)
    assert (response.status_code, response.location) == (303, "/profile")
    assert client.get("/profile").status_code == 200
    assert phone.get("/profile").status_code == 303
    assert signs_in(app, "sales", NEW_PASSWORD)
    assert not signs_in(app, "sales", PASSWORD)


def test_it_stands_in_the_ledger_without_the_password_or_its_hash(sign_in, send, rows):
    send(sign_in("sales"), "/profile/password", **WHOLE)
    (row,) = rows(
        "SELECT c.diff FROM change c JOIN operation o ON o.id = c.operation_id"
        " WHERE o.name = 'password_changed'"
    )
    assert "password_set_at" in str(row["diff"])
    assert "argon2" not in str(row["diff"])


def test_without_the_present_password_nothing_changes(app, sign_in, send):
    client = sign_in("sales")
    response = send(client, "/profile/password", **(WHOLE | {"current": "not this one at all"}))
    assert response.status_code == 422
    assert "This is not your present password." in response.text
    assert NEW_PASSWORD not in response.text
    assert signs_in(app, "sales", PASSWORD)


def test_guessing_the_present_password_is_slowed_down(sign_in, send):
    client = sign_in("sales")
    for _ in range(5):
        send(client, "/profile/password", **(WHOLE | {"current": "not this one at all"}))
    response = send(client, "/profile/password", **WHOLE)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1


def test_weak_and_unequal_passwords_are_named(app, sign_in, send):
    client = sign_in("sales")
    for new, again, words in (
        ("short", "short", "At least 12 characters"),
        ("password2026", "password2026", "Too many people use this password."),
        (PASSWORD, PASSWORD, "This is the password you have."),
        (NEW_PASSWORD, NEW_PASSWORD + "x", "The two are not the same."),
        ("林知夏 sales 2026!", "林知夏 sales 2026!", "mostly your name"),
        ("", "", "Please fill this in."),
    ):
        response = send(client, "/profile/password", current=PASSWORD, new=new, again=again)
        assert response.status_code == 422, new
        assert words in response.text, new
    assert signs_in(app, "sales", PASSWORD)


def test_who_must_change_the_password_gets_nowhere_else(app, sign_in, send, people):
    manager = sign_in("manager")
    address = f"/settings/people/{people('sales')}/password"
    assert send(manager, address, new=NEW_PASSWORD, again=NEW_PASSWORD).status_code == 303
    client = sign_in("sales", NEW_PASSWORD)
    for address in ("/profile", "/today", "/settings/people"):
        response = client.get(address)
        assert (response.status_code, response.location) == (303, "/profile/password")
    part = client.get("/profile", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/profile/password"
    assert send(client, "/profile/theme", theme="dark").location == "/profile/password"
    response = send(
        client,
        "/profile/password",
        current=NEW_PASSWORD,
        new="eleven blue teapots",
        again="eleven blue teapots",
    )
    assert (response.status_code, response.location) == (303, "/today")
    assert client.get("/profile").status_code == 200


def test_who_must_change_the_password_may_leave(sign_in, send, people):
    manager = sign_in("manager")
    address = f"/settings/people/{people('sales')}/password"
    send(manager, address, new=NEW_PASSWORD, again=NEW_PASSWORD)
    client = sign_in("sales", NEW_PASSWORD)
    assert send(client, "/sign-out").location == "/sign-in"
