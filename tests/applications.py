"""Applications for tests: a fresh book on each engine, copied from one that is made once."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule

from crmlite import clock, hooks
from crmlite.accounts import passwords
from crmlite.accounts.operations import NewRole, UserChange, create_role, update_user
from crmlite.accounts.roster import newest_roster
from crmlite.app import create_app
from crmlite.config import Config
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
# What makes guessing dear makes signing in dear: each test would pay for it several times.
HASHER = passwords.HASHER
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Employ = Callable[[str, Mapping[str, str]], None]
ENGINES = ("sqlite", "postgresql")
# For walks through everything, which take half a minute: PostgreSQL is the stricter one.
FIRST_ON_POSTGRESQL = pytest.mark.parametrize(
    "engine", ["postgresql", pytest.param("sqlite", marks=pytest.mark.slow)]
)


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


class Lent:
    """An application that tests of one process use one after the other, each with another book.

    To make one takes as long as a short test does, and so does compiling its statements anew. All
    that an application knows of its book is in `extensions`; they are put back to what they were,
    and one that a test has changed otherwise is not lent again.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.app = create_app(config)
        self.app.testing = False
        self.app.jinja_env.bytecode_cache = TEMPLATES
        self.extensions = dict(self.app.extensions)
        self.gathered = dict(self.extensions[hooks.REGISTRY].known)
        self.made = self._state()
        with self.app.app_context():
            self.engine = database.engine
        event.listen(self.engine, "do_connect", self._lead)

    def _lead(self, _dialect: Any, _record: Any, arguments: list[Any], named: Any) -> None:
        """Have the engine connect to the book of this test."""
        url = make_url(self.config.url)
        if url.get_backend_name() == "sqlite":
            arguments[0] = url.database
        else:
            named["dbname"] = url.database

    def begin(self, config: Config) -> Flask:
        """The application, with the book of `config`."""
        self.config = config
        self.engine.url = make_url(config.url)
        self.app.extensions.clear()
        self.app.extensions.update(self.extensions)
        self.app.extensions[hooks.REGISTRY] = self._registry()
        self.app.extensions["crmlite.config"] = config
        self.app._got_first_request = False
        return self.app

    def _registry(self) -> hooks.Registry:
        """What the application knows of slices and packs, as it was made."""
        made = self.extensions[hooks.REGISTRY]
        registry = hooks.Registry()
        registry.host, registry.declared = made.host, dict(made.declared)
        registry.known = dict(self.gathered)
        return registry

    def end(self) -> bool:
        """Let go of the book; answers whether the application can be lent again."""
        with self.app.app_context():
            database.session.remove()
            self.engine.dispose()
        return self._state() == self.made

    def _state(self) -> tuple[Any, ...]:
        app, jinja = self.app, self.app.jinja_env
        assert app.jinja_loader  # made when it is asked for
        ours = {name: value for name, value in vars(app).items() if name != "_got_first_request"}
        kept = [
            {name: dict(value) if isinstance(value, dict) else value for name, value in of.items()}
            for of in (ours, vars(jinja))
        ]
        kept[0].pop("extensions")
        kept[1].pop("cache")  # of loaded templates
        functions = (app.before_request_funcs, app.after_request_funcs, app.error_handler_spec)
        plugins = self.extensions[hooks.KEY].list_name_plugin()
        return (*kept, repr(functions), plugins, len(list(app.url_map.iter_rules())))


LENT: dict[str, Lent] = {}


def lend(engine: str, config: Config) -> Flask:
    """The application of this process for an engine, with the book of `config`."""
    if engine not in LENT:
        LENT[engine] = Lent(config)
    return LENT[engine].begin(config)


def take_back(engine: str) -> None:
    """Have the book of the test left alone, so that it can be thrown away."""
    if not LENT[engine].end():
        del LENT[engine]


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
    yield lend(engine, config_for(folder, url, log_level="INFO"))  # tests/loglines.py reads it
    take_back(engine)
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
