"""Applications for tests: a fresh book on each engine, copied from one that is made once."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from crmlite import clock
from crmlite.accounts.operations import NewRole, UserChange, create_role, update_user
from crmlite.accounts.roster import newest_roster
from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.testing import PEOPLE, SignIn, config_for, make_book, person_id
from crmlite.work.actors import command_line
from tests import postgresql

__all__ = [
    "app",
    "client",
    "employ",
    "engine",
    "inside",
    "people",
    "postgresql_template",
    "sign_in",
    "sqlite_template",
]


class Compiled(BytecodeCache):
    """Templates that this process has compiled, for all its applications."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is known."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.known[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


def remember_addresses() -> None:
    """Have what builds an address compiled once in this process, for all its applications: it is
    four fifths of what it takes to make one."""
    known: dict[object, object] = {}
    compiled = Rule._compile_builder

    def builder(rule: Rule, append_unknown: bool = True) -> object:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    Rule._compile_builder = builder  # type: ignore[method-assign, assignment]


remember_addresses()
Employ = Callable[[str, Mapping[str, str]], None]
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished SQLite book."""
    folder = tmp_path_factory.mktemp("template-sqlite")
    make_book(config_for(folder))
    return folder


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with keys, and the address of a PostgreSQL database with a finished book."""
    folder = tmp_path_factory.mktemp("template-postgresql")
    url = postgresql.create_database("template1")
    make_book(config_for(folder, url))
    yield folder, url
    postgresql.drop_database(url)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: every test that takes an app runs on both."""
    return str(request.param)


@pytest.fixture
def app(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application with a book of its own, holding only people and shipped data."""
    folder = tmp_path / "instance"
    url = ""
    if engine == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_template"), folder)
    else:
        template, template_url = request.getfixturevalue("postgresql_template")
        shutil.copytree(template, folder)
        url = postgresql.create_database(postgresql.name_in(template_url))
    made = create_app(config_for(folder, url))
    made.testing = False
    made.jinja_env.bytecode_cache = TEMPLATES
    yield made
    with made.app_context():
        database.session.remove()
        database.engine.dispose()
    if url:
        postgresql.drop_database(url)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Signs people in: `sign_in("sales")` answers their client."""
    return SignIn(app)


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application with its context open, for tests that call queries and operations.

    Not together with clients: an open context keeps the reader of the first request.
    """
    with app.app_context():
        yield app


@pytest.fixture
def people(app: Flask) -> Callable[[str], int]:
    """The ids of the people: `people("sales")`."""

    def of(login: str) -> int:
        with app.app_context():
            return person_id(login)

    return of


@pytest.fixture
def employ(app: Flask) -> Employ:
    """Gives somebody a role of their own, with these rights and no others:
    `employ("sales", {"customers:see": "own"})`. Belongs before they sign in."""

    def give(login: str, grants: Mapping[str, str]) -> None:
        with app.app_context():
            role = NewRole(label={"en": f"Role of {login}"}, grants=grants)
            role_id = create_role(role, by=command_line(), at=clock.now())
            key = newest_roster().roles[role_id].key
            change = UserChange(login=login, name=PEOPLE[login][0], role=key)
            update_user(person_id(login), change, by=command_line(), at=clock.now())
            database.session.remove()

    return give
