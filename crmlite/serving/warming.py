"""Warming up: what every process would do for itself at its first pages is done before they part."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask, g, url_for
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select

from crmlite import __version__, clock
from crmlite.access.readers import everything
from crmlite.calendars import official
from crmlite.calendars.queries import countries_in_use
from crmlite.config import Config
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.navigation import navigation_entries
from crmlite.wording import LOCALES

log = logging.getLogger(__name__)


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates in the form they run in, kept from one start to the next; without room for them
    pages are made all the same."""

    def dump_bytecode(self, bucket: Any) -> None:
        """Keep one."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def warm(app: Flask) -> None:
    """Make the main pages once, for nobody.

    The processes then share what that needed, some 30 MB that each would hold for itself, and the
    first visitors do not wait for it. Leaves no connection to the database open: none may outlive
    the fork.
    """
    if not keep_compiled(app):
        _compile_apart(app)
    learn_holidays(app)
    _make_main_pages(app)


def _make_main_pages(app: Flask) -> None:
    with _on_the_quiet(app):
        for language in LOCALES:
            app.test_client().get("/sign-in", headers={"Accept-Language": language})
        for path in _main_pages(app):
            _make(app, path)


def learn_holidays(app: Flask) -> None:
    """Have the holidays of the years around now at hand wherever the firm works."""
    with _on_the_quiet(app), app.test_request_context():
        now = clock.now().year
        official.learn(countries_in_use(), range(now - 1, now + 3))


def keep_compiled(app: Flask) -> bool:
    """Give the application's templates a place beside the book, which is nobody else's; whether it
    holds any of this version already. Those of other versions go."""
    config: Config = app.extensions["crmlite.config"]
    folder = config.instance / "cache"
    pattern = f"{__version__}-%s.cache"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        app.jinja_env.bytecode_cache = CompiledTemplates(str(folder), pattern)
        if any(folder.glob(pattern % "*")):
            return True
        for other in folder.glob("*.cache"):
            other.unlink()
        return False
    return True  # nothing can be kept: there is no sense in trying


def _compile_apart(app: Flask) -> None:
    """Have a process of its own compile the templates: it takes with it what that needed, 7 MB
    that each process would hold otherwise."""
    with app.app_context():
        database.engine.dispose()
    child = os.fork()
    if not child:
        try:
            _make_main_pages(app)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _main_pages(app: Flask) -> list[str]:
    """Where the side navigation leads, a search, and a customer if there is one."""
    table = Customer.__table__
    with app.test_request_context():
        paths = [url_for(one.endpoint, **one.args) for one in navigation_entries()]
        number = database.session.execute(select(table.c.number).limit(1)).scalar()
        if number is not None:
            paths.append(url_for("customers.show", number=number))
        return [*paths, url_for("search.results", q="客")]


def _make(app: Flask, path: str) -> None:
    """Make a page as somebody would see it who sees all; it goes nowhere, and so nobody has seen
    anything: what notes viewings runs after a request, and this is none."""
    with app.test_request_context(path):
        g.reader = everything()
        try:
            if app.preprocess_request() is None:
                app.dispatch_request()
        except Exception:
            log.exception("a page could not be made beforehand")


@contextmanager
def _on_the_quiet(app: Flask) -> Iterator[None]:
    """Nobody asked for these pages: they are not noted as requests, and leave no connection."""
    notes = logging.getLogger("crmlite.requests")
    before, notes.disabled = notes.disabled, True
    try:
        yield
    finally:
        notes.disabled = before
        with app.app_context():
            database.session.remove()
            database.engine.dispose()
