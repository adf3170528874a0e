"""What tests of people and sign-in share."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from crmlite import clock
from crmlite.extensions import database
from crmlite.testing import csrf_token

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
    """Strings that break things, with some that no list has."""
    folder = os.environ.get("CRMLITE_TEST_DATA")
    if not folder:
        pytest.skip("CRMLITE_TEST_DATA names no folder with naughty/blns.json")
    strings = json.loads(Path(folder, "naughty", "blns.json").read_text("utf-8"))
    return [*strings, "\x00", "9" * 5000, "\u202etxet", "x" * 300_000, "=1+1", "a\r\nb"]
