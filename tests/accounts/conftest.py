"""What tests of people and sign-in share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from crmlite import clock
from crmlite.extensions import database
from crmlite.testing import csrf_token
from tests.real_files import naughty_strings

Send = Callable[..., TestResponse]
NEW_PASSWORD = "seven green kettles"


@pytest.fixture
def send() -> Send:
    """Sends a form with its token: `send(client, "/profile", name="Emma")`."""
    tokens: dict[FlaskClient, str] = {}

    def post(
        client: FlaskClient, address: str, *, headers: Any = None, **data: Any
    ) -> TestResponse:
        if client not in tokens:
            tokens[client] = csrf_token(client, "/profile/password")
        return client.post(address, data={"csrf_token": tokens[client], **data}, headers=headers)

    return post


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """Moves the clock: `later(timedelta(hours=9))`."""
    real = clock.now

    def move(by: timedelta) -> datetime:
        monkeypatch.setattr(clock, "now", lambda: real() + by)
        return clock.now()

    return move


@pytest.fixture
def rows(app: Flask) -> Callable[[str], list[Any]]:
    """What the database answers to a statement."""

    def ask(statement: str, **values: Any) -> list[Any]:
        with app.app_context():
            return list(database.session.execute(text(statement), values).mappings())

    return ask


@pytest.fixture(scope="session")
def naughty() -> list[str]:
    """Strings that break things, one of them longer than any field."""
    return naughty_strings("x" * 300_000)
