"""Forms as a browser sends them, without a database."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from crmlite.extensions import babel
from crmlite.forms import Form
from tests.real_files import naughty_strings

Sent = Callable[..., Any]


@pytest.fixture
def web() -> Flask:
    """An application with languages and a time zone, and nothing else."""
    app = Flask("crmlite")
    app.config.update(SECRET_KEY="x", BABEL_TRANSLATION_DIRECTORIES="translations")
    babel.init_app(
        app,
        locale_selector=lambda: g.get("lang", "en"),
        timezone_selector=lambda: "Asia/Shanghai",
    )
    return app


@pytest.fixture
def sent(web: Flask) -> Any:
    """A form as it is after its page was sent: `sent(MyForm, {"name": "Emma"}, data=row)`."""
    contexts: list[Any] = []

    def send(form: type[Form], typed: Any = None, *, lang: str = "en", **more: Any) -> Form:
        method = "GET" if typed is None else "POST"
        context = web.test_request_context(
            "/people", method=method, data=MultiDict(typed or {}) or None
        )
        if contexts:
            contexts.pop().pop()  # each request has a language of its own
        context.push()
        contexts.append(context)
        g.lang = lang
        made = form(meta={"csrf": False}, **more)
        if typed is not None:
            made.validate()
        return made

    yield send
    for context in reversed(contexts):
        context.pop()


@pytest.fixture(scope="session")
def naughty() -> list[str]:
    """Strings that break things, one of them longer than any field."""
    return naughty_strings("x" * 100_000)
