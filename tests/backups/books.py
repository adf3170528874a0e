"""Books for the tests of this room: filled, compared row by row, and new places to restore into."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, inspect, text

from crmlite import clock
from crmlite.accounts.operations import TeamChange, create_team
from crmlite.config import Config
from crmlite.customers.following import EMPTY
from crmlite.customers.models import Customer, Facts
from crmlite.db import migrate
from crmlite.db.columns import new_uid
from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import seal
from crmlite.extensions import database
from crmlite.search.models import SearchDoc
from crmlite.work import actors
from crmlite.work.chain import seal_ledger

__all__ = ["book", "code", "config", "new_place"]

SECRET = "Room 5, 18 Quay Street"


@pytest.fixture
def config(app: Flask) -> Config:
    """The settings of the instance that is backed up."""
    found: Config = app.extensions["crmlite.config"]
    return found


@pytest.fixture
def code(config: Config) -> str:
    """The recovery code of its book."""
    return KeyRing.load(config.keys_file).renew_code()


@pytest.fixture
def book(app: Flask, config: Config) -> Config:
    """The same instance with some customers and a sealed ledger; nobody is connected to it."""
    with app.app_context():
        add_customers(config, 30)
        for number in range(5):
            label = {"en": f"Crew {number}", "zh": f"{number} 组"}
            create_team(TeamChange(label=label), by=actors.command_line(), at=clock.now())
        seal_ledger(by=actors.job("seal-ledger"), at=clock.now())
        database.session.remove()
        database.engine.dispose()
    return config


@pytest.fixture
def new_place(
    engine: str, config: Config, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[str], Config]:
    """Settings of a new, empty instance on the same kind of database."""

    def place(name: str = "new machine") -> Config:
        url = ""
        if engine == "postgresql":
            url = request.getfixturevalue("fresh_postgresql")("template1")
        return replace(config, instance=tmp_path / name, database_url=url)

    return place


def add_customers(config: Config, count: int) -> None:
    """Put customers with a sealed address into the book."""
    ring, now = KeyRing.load(config.keys_file), clock.now()
    table = Customer.__table__
    rows = []
    for number in range(count):
        uid = new_uid()
        name = f"Quay {number} 码头"
        rows.append(
            {
                "uid": uid,
                "number": f"T{number:04}",
                "kind": "company",
                "name": name,
                "name_sort": name,
                "name_key": name,
                "lifecycle": "potential",
                "currency": "CNY",
                "address": seal(ring, SECRET, ("customer", "address", uid)),
                "extra": {"custom__x": [1, 2.5, "\\N\t\n'\"", None]} if number % 2 else None,
                "created_at": now,
                "updated_at": now,
                "version": 1,
            }
        )
    with database.engine.begin() as connection:
        ids = list(connection.execute(insert(table).returning(table.c.id), rows).scalars())
        connection.execute(
            insert(Facts.__table__), [{"customer_id": i, **EMPTY, "incomplete": True} for i in ids]
        )
        empty = {"record_type": "customer", "title": "", "body": "", "scope": ""}
        connection.execute(insert(SearchDoc.__table__), [{"record_id": i, **empty} for i in ids])


def hashes(config: Config, *, but: tuple[str, ...] = ()) -> Mapping[str, str]:
    """One hash per table over all its rows, in whatever order they lie."""
    found = {}
    with migrate.passing_engine(config.url, 5.0) as engine, engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            if name in but or name.startswith("search_"):
                continue
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            lines = sorted(repr(tuple(row)) for row in rows)
            found[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert found
    return found


def tree(folder: Path) -> Mapping[str, str]:
    """Every file below a folder with the hash of its content; the lock of the instance left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "serving.lock"
    }
