"""One's own page: name, language, appearance, sessions."""

from crmlite.testing import PASSWORD, csrf_token

PARTS = {"HX-Request": "true"}


def saved_profile(rows, login="sales"):
    """What is kept of somebody."""
    (row,) = rows(
        'SELECT name, lang, theme, version, name_sort FROM "user" WHERE login = :login', login=login
    )
    return row


def test_the_page_shows_what_is_known_and_where_one_is_signed_in(sign_in):
    client = sign_in("sales")
    sign_in("sales")
    page = client.get("/profile", headers={"User-Agent": "curl"}).text
    assert 'value="林知夏"' in page
    assert page.count("this one") == 1
    assert "Sign out everywhere else" in page


def test_name_and_language_are_saved_and_hold_at_once(sign_in, send, rows):
    client = sign_in("sales")
    version = saved_profile(rows)["version"]
    response = send(client, "/profile", name="林知秋", lang="zh", version=version)
    assert (response.status_code, response.location) == (303, "/profile")
    row = saved_profile(rows)
    assert (row["name"], row["lang"], row["version"]) == ("林知秋", "zh", version + 1)
    assert row["name_sort"] < "lin2 zhi1 xia4"
    page = client.get("/profile").text
    assert 'lang="zh-Hans"' in page
    assert "已保存。" in page


def test_the_saved_language_holds_on_the_next_device(app, sign_in, send):
    send(sign_in("sales"), "/profile", name="林知夏", lang="zh", version=1)
    other = app.test_client()
    other.post(
        "/sign-in",
        data={"login": "sales", "password": PASSWORD, "csrf_token": csrf_token(other)},
    )
    assert 'lang="zh-Hans"' in other.get("/profile").text
    other.get("/profile?lang=en")
    assert '<html lang="en"' in other.get("/profile").text


def test_the_appearance_is_saved_and_leads_back_to_its_page(sign_in, send, rows):
    client = sign_in("sales")
    came = {"Referer": "http://localhost/profile/password?a=1"}
    for theme in ("light", "dark", "auto"):
        response = send(client, "/profile/theme", theme=theme, headers=came)
        assert (response.status_code, response.location) == (303, "/profile/password?a=1")
        assert saved_profile(rows)["theme"] == theme
        assert f'data-bs-theme="{theme}"' in client.get("/profile").text


def test_the_appearance_leads_to_no_other_site(sign_in, send):
    client = sign_in("sales")
    for referer in (
        "https://evil.example/x",
        "http://localhost@evil.example/",
        "//evil.example",
        "http://localhost//evil.example",
        "http://[::1",
        "",
    ):
        response = send(client, "/profile/theme", theme="dark", headers={"Referer": referer})
        assert response.location == "/profile", referer


def test_an_appearance_that_does_not_exist_is_refused(sign_in, send, rows):
    client = sign_in("sales")
    for theme in ("pink", "", "dark\x00", "x" * 100_000):
        assert send(client, "/profile/theme", theme=theme).status_code == 422
    assert saved_profile(rows)["theme"] == "auto"


def test_who_saves_second_sees_both_and_may_save_again(app, sign_in, send, rows):
    first, second = sign_in("sales"), sign_in("sales")
    version = saved_profile(rows)["version"]
    send(first, "/profile", name="Lin One", lang="", version=version)
    response = send(second, "/profile", name="Lin Two", lang="en", version=version)
    assert response.status_code == 409
    assert "Lin One" in response.text
    assert 'value="Lin Two"' in response.text
    assert saved_profile(rows)["name"] == "Lin One"
    response = send(second, "/profile", name="Lin Two", lang="en", version=version + 1)
    assert response.status_code == 303
    assert saved_profile(rows)["name"] == "Lin Two"


def test_a_conflict_and_an_error_come_as_a_part_to_htmx(sign_in, send):
    client = sign_in("sales")
    response = send(client, "/profile", name="", lang="", version=1, headers=PARTS)
    assert response.status_code == 422
    assert response.text.lstrip().startswith("<form")
    assert "Please fill this in." in response.text
    response = send(client, "/profile", name="A", lang="", version=77, headers=PARTS)
    assert response.status_code == 409
    assert response.text.lstrip().startswith("<form")


def test_the_same_form_sent_twice_is_saved_once(sign_in, send, rows):
    client = sign_in("sales")
    once = {"name": "林知夏", "lang": "zh", "version": 1, "form_key": "k" * 22}
    assert send(client, "/profile", **once).status_code == 303
    assert send(client, "/profile", **once).status_code == 303
    assert saved_profile(rows)["version"] == 2


def test_nobody_ends_the_sessions_of_others(sign_in, send, rows):
    client, theirs = sign_in("sales"), sign_in("support")
    (row,) = rows(
        'SELECT s.id FROM session s JOIN "user" u ON u.id = s.user_id WHERE u.login = :login',
        login="support",
    )
    assert send(client, f"/profile/sessions/{row['id']}/end").status_code == 404
    assert send(client, "/profile/sessions/99999999999999999999/end").status_code == 404
    assert theirs.get("/profile").status_code == 200


def test_other_devices_are_signed_out_from_here(sign_in, send, rows):
    client, phone, tablet = sign_in("sales"), sign_in("sales"), sign_in("sales")
    mine = [row["id"] for row in rows("SELECT id FROM session ORDER BY id")]
    assert send(client, f"/profile/sessions/{mine[1]}/end").status_code == 303
    assert phone.get("/profile").status_code == 303
    assert tablet.get("/profile").status_code == 200
    assert send(client, "/profile/sessions/end").status_code == 303
    assert tablet.get("/profile").status_code == 303
    assert client.get("/profile").status_code == 200


def test_naughty_names_are_kept_as_they_are_or_refused(sign_in, send, rows, naughty):
    client = sign_in("sales")
    for text in naughty[:: max(1, len(naughty) // 40)]:
        version = saved_profile(rows)["version"]
        response = send(client, "/profile", name=text, lang="", version=version)
        assert response.status_code in (303, 422), text[:50]
        page = client.get("/profile").text
        assert "<script>alert" not in page
