"""Books with packs that are really installed, in a folder of the test's own."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from crmlite.app import create_app
from crmlite.testing import config_for
from tests import postgresql
from tests.packs.installing import forget, found_in, install

Installed = Callable[..., Flask]


@pytest.fixture
def packages(tmp_path: Path) -> Iterator[Path]:
    """The folder in which packs are installed."""
    folder = tmp_path / "packages"
    folder.mkdir()
    with found_in(folder):
        yield folder


@pytest.fixture
def book(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Where the book of a test is: its folder, and its database on PostgreSQL."""
    folder, url = tmp_path / "instance", ""
    if engine == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_template"), folder)
    else:
        template, template_url = request.getfixturevalue("postgresql_template")
        shutil.copytree(template, folder)
        url = postgresql.create_database(postgresql.name_in(template_url))
    yield folder, url
    if url:
        postgresql.drop_database(url)


@pytest.fixture
def started(book: tuple[Path, str], packages: Path) -> Iterator[Installed]:
    """Starts crmlite on the test's book, as another process would, after these packs were installed:
    `started(bakery={"pack.toml": …})`."""
    made: list[Flask] = []

    def start(*, packs: bool = True, **given: Mapping[str, str]) -> Flask:
        for name, files in given.items():
            install(packages, name, files)
        forget()
        app = create_app(config_for(*book, packs=packs))
        made.append(app)
        return app

    yield start
    from crmlite.extensions import database

    for app in made:
        with app.app_context():
            database.session.remove()
            database.engine.dispose()
