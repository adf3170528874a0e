"""A reader's language without a book."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from crmlite.extensions import babel
from crmlite.wording import LOCALES


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What words need, and nothing else."""
    app = Flask("crmlite")
    babel.init_app(app, locale_selector=lambda: LOCALES[language])
    with app.app_context():
        yield
