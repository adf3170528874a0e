"""Warming up: what every process would do for itself at its first page is done before they part."""

import logging

from flask import Flask

from crmlite.extensions import database
from crmlite.search.folding import fold
from crmlite.search.pinyin import name_sort

REQUESTS = logging.getLogger("crmlite.requests")
LANGUAGES = ("en", "zh")


def warm(app: Flask) -> None:
    """Load the tables for Chinese, and answer the page for signing in once in each language.

    The processes then share what that needed, 30 MB instead of as much each, and the first visitor
    does not wait for it. Leaves no connection to the database open: none may outlive the fork.
    """
    fold(name_sort("客户"))
    quiet, REQUESTS.disabled = REQUESTS.disabled, True
    try:
        for language in LANGUAGES:
            app.test_client().get("/sign-in", headers={"Accept-Language": language})
    finally:
        REQUESTS.disabled = quiet
        with app.app_context():
            database.session.remove()
            database.engine.dispose()
