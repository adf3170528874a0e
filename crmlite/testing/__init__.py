"""A book for tests: made in a folder or a PostgreSQL database, with people whose password is known.

Industry packs test themselves with it as crmlite does.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.models import Team, User
from crmlite.accounts.operations import NewUser, create_user, ensure_shipped
from crmlite.accounts.passwords import hashed
from crmlite.app import create_app
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.db.derived import ensure_derived_schema
from crmlite.db.keyring import KeyRing
from crmlite.extensions import database
from crmlite.setup.shipping import ship
from crmlite.work.actors import command_line

PASSWORD = "correct horse battery staple"
PEOPLE = {
    "manager": ("Grace Shen", "manager", ("sales", "support")),
    "sales": ("林知夏", "sales", ("sales",)),
    "sales2": ("Oliver Hartwell", "sales", ("sales",)),
    "support": ("周牧", "support", ("support",)),
}


def config_for(
    folder: Path, database_url: str = "", *, packs: bool = False, log_level: str = "ERROR"
) -> Config:
    """Settings of a test's instance, with the packs that are installed or without; it waits for
    locks for a moment only."""
    return Config(
        instance=folder,
        database_url=database_url,
        busy_seconds=2.0,
        backups=False,
        packs=packs,
        log_level=log_level,
    )


def make_book(config: Config) -> str:
    """Make keys, schema, shipped data and people; answers the recovery code."""
    config.instance.mkdir(parents=True, exist_ok=True)
    _ring, code = KeyRing.create(config.keys_file)
    app = create_app(config)
    with app.app_context():
        with database.engine.begin() as connection:
            database.metadata.create_all(connection)
            ensure_derived_schema(connection)
            migrate.stamp(connection)
        at, by = clock.now(), command_line()
        ensure_shipped(by=by, at=at)
        ship(by=by, at=at)
        add_people()
        database.session.remove()
        database.engine.dispose()
    return code


def add_people() -> None:
    """Give the people of PEOPLE their logins."""
    teams = dict(database.session.execute(select(Team.__table__.c.key, Team.__table__.c.id)).all())
    secret = hashed(PASSWORD)
    for login, (name, role, keys) in PEOPLE.items():
        create_user(
            NewUser(
                login=login,
                name=name,
                role=role,
                password_hash=secret,
                team_ids=[teams[key] for key in keys],
            ),
            by=command_line(),
            at=clock.now(),
        )


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in through the page, as they do it themselves."""

    app: Flask

    def __call__(self, login: str, password: str = PASSWORD, *, lang: str = "en") -> FlaskClient:
        """A client with a session of this person, in a language."""
        client = self.app.test_client()
        client.get(f"/sign-in?lang={lang}")
        token = csrf_token(client)
        response = client.post(
            "/sign-in", data={"login": login, "password": password, "csrf_token": token}
        )
        assert response.status_code == 303, response.text
        return client


def csrf_token(client: FlaskClient, address: str = "/sign-in") -> str:
    """The token that forms of this client must carry."""
    page = client.get(address).text
    mark = 'name="csrf_token"'
    start = page.index(mark)
    tag = page[page.rindex("<", 0, start) : page.index(">", start)]
    return tag.partition('value="')[2].partition('"')[0]


def person_id(login: str) -> int:
    """The id of one of the people."""
    table = User.__table__
    return int(
        database.session.execute(select(table.c.id).where(table.c.login == login)).scalar_one()
    )
