"""The language of a page: this browser's choice, then the person's, the firm's, the browser's wish."""

import pytest
from flask import Flask
from sqlalchemy import update

from crmlite import clock
from crmlite.accounts.models import User
from crmlite.extensions import database
from crmlite.languages import wanted_language
from crmlite.redirects import own_address
from crmlite.settings.operations import change_settings
from crmlite.testing import SignIn
from crmlite.work.actors import command_line


def of_person(app: Flask, lang: str) -> None:
    with app.app_context():
        database.session.execute(
            update(User.__table__).where(User.__table__.c.login == "sales").values(lang=lang)
        )
        database.session.commit()


def of_firm(app: Flask, lang: str) -> None:
    with app.app_context():
        change_settings({"language": lang}, by=command_line(), at=clock.now())


@pytest.mark.parametrize(
    ("browser", "person", "firm", "asked", "spoken"),
    [
        ("en", "zh", "zh", "zh", "en"),
        ("", "en", "zh", "zh", "en"),
        ("", "", "en", "zh", "en"),
        ("", "", "", "zh-CN", "zh"),
        ("", "", "", "fr", "en"),
    ],
)
def test_the_first_who_says_decides(
    app: Flask, sign_in: SignIn, browser: str, person: str, firm: str, asked: str, spoken: str
) -> None:
    client = sign_in("sales")
    with client.session_transaction() as session:
        session["lang"] = browser
    of_person(app, person)
    of_firm(app, firm)
    page = client.get("/", headers={"Accept-Language": asked}, follow_redirects=True).text
    assert f'<html lang="{spoken}' in page


def test_a_browser_keeps_what_was_chosen_in_it(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/sign-in?lang=zh&a=1&a=2")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?a=1&a=2"
    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert '<html lang="zh' in page


@pytest.mark.parametrize(
    "path", ["/\t/evil.example", "/\r/evil.example\n", "//evil.example", "/\\evil.example", "/\n"]
)
def test_no_choice_leads_to_another_site(app: Flask, path: str) -> None:
    client = app.test_client()
    answer = client.get("/?lang=zh", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 303
    assert own_address(answer.location)
    assert client.get(answer.location).status_code == 404


def test_nobody_chooses_what_is_not_spoken(app: Flask) -> None:
    assert app.test_client().get("/sign-in?lang=fr").status_code == 200


def test_a_job_speaks_the_language_of_the_firm(app: Flask) -> None:
    of_firm(app, "zh")
    with app.app_context():
        assert wanted_language() == "zh"
    of_firm(app, "")
    with app.app_context():
        assert wanted_language() == "en"
