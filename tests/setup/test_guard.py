"""Pages of a book that cannot be used: 503 and what to do, in the reader's language."""

import pytest
from sqlalchemy import text

from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.testing import config_for


def put(app, *statements):
    with app.app_context(), database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = 'zzzz'", "newer"),
        ("DROP TABLE alembic_version", "does not belong"),
    ],
)
def test_a_book_that_does_not_fit_is_said_and_not_touched(app, statement, words):
    put(app, statement)
    response = app.test_client().get("/sign-in", headers={"Accept-Language": "en"})
    assert response.status_code == 503
    assert words in response.text
    assert response.headers["Retry-After"]
    assert "Content-Security-Policy" in response.headers


def test_it_is_said_to_somebody_whose_session_that_book_keeps_elsewhere(app, sign_in):
    client = sign_in("manager")
    put(
        app,
        "UPDATE alembic_version SET version_num = 'zzzz'",
        "UPDATE epoch SET number = number + 1",
        "ALTER TABLE session RENAME TO elsewhere",
    )
    answer = client.get("/sign-in")
    assert answer.status_code == 503
    assert "newer" in answer.text


def test_it_is_said_in_chinese_too(app):
    put(app, "UPDATE alembic_version SET version_num = 'zzzz'")
    response = app.test_client().get("/sign-in", headers={"Accept-Language": "zh-CN"})
    assert "数据库的版本比当前运行的程序新" in response.text


def test_where_there_is_no_book_the_page_says_how_to_start_one(tmp_path):
    app = create_app(config_for(tmp_path / "instance"))
    response = app.test_client().get("/", headers={"Accept-Language": "en"})
    assert response.status_code == 503
    assert "crmlite init" in response.text


def test_a_running_process_notices_an_upgrade_by_a_newer_crmlite(app):
    client = app.test_client()
    assert client.get("/sign-in").status_code == 200
    put(
        app,
        "UPDATE alembic_version SET version_num = 'zzzz'",
        "UPDATE epoch SET number = number + 1",
    )
    assert client.get("/sign-in").status_code == 503


def test_a_book_that_was_put_right_is_served_again(app):
    client = app.test_client()
    put(app, "ALTER TABLE alembic_version RENAME TO elsewhere")
    assert client.get("/sign-in").status_code == 503
    put(app, "ALTER TABLE elsewhere RENAME TO alembic_version")
    assert client.get("/sign-in").status_code == 200


def test_health_and_files_do_not_ask(app):
    put(app, "UPDATE alembic_version SET version_num = 'zzzz'")
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    with client.get("/static/crmlite.css") as file:
        assert file.status_code == 200
    assert client.get("/readyz").json["checks"]["schema"] == {"ok": False}
