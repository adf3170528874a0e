"""What tests of settings share."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from crmlite.extensions import database
from crmlite.testing import csrf_token

Send = Callable[..., TestResponse]
Counting = Callable[[], Any]


@pytest.fixture
def send() -> Send:
    """Sends a form with its token: `send(client, "/settings/firm", setting_currency="EUR")`."""

    def post(
        client: FlaskClient, address: str, *, headers: Any = None, **data: Any
    ) -> TestResponse:
        token = csrf_token(client, "/profile/password")
        return client.post(address, data={"csrf_token": token, **data}, headers=headers)

    return post


@pytest.fixture
def statements() -> Counting:
    """Counts what is asked of the database: `with statements() as asked: …; len(asked)`."""

    @contextmanager
    def counting() -> Iterator[Sequence[str]]:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting
