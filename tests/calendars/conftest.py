"""What tests of calendars share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crmlite import hookimpl, hooks
from crmlite.testing import csrf_token

Send = Callable[..., TestResponse]


class Listener:
    """Hears which calendars changed."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    @hookimpl
    def calendar_changed(self, calendar_id: int) -> None:
        """Notes it."""
        self.heard.append(calendar_id)

    def since(self) -> list[int]:
        """What was heard since one asked last."""
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture
def told(app: Flask) -> Iterator[Listener]:
    """Hears of changes, as the rooms that keep due times do: `told.since()`."""
    listener = Listener()
    manager = app.extensions[hooks.KEY]
    manager.register(listener, "listener")
    yield listener
    manager.unregister(listener)


@pytest.fixture
def send() -> Send:
    """Sends a form with its token: `send(client, "/settings/calendars/1/default")`."""

    def post(client: FlaskClient, address: str, *, headers: Any = None, **data: Any) -> Any:
        token = csrf_token(client, "/profile/password")
        return client.post(address, data={"csrf_token": token, **data}, headers=headers)

    return post
