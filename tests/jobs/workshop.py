"""Kinds of work for tests, and a place where their effects can be counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import text

from crmlite import clock, hookimpl, hooks
from crmlite.extensions import database
from crmlite.jobs import JobKind, enqueue
from crmlite.work import Actor, operation
from crmlite.work.actors import command_line


class Extra:
    """A pack that brings kinds of work."""

    def __init__(self, *kinds: JobKind) -> None:
        self.kinds = kinds

    @hookimpl
    def register_job_kinds(self) -> list[JobKind]:
        return list(self.kinds)


def bring(app: Flask, *kinds: JobKind) -> None:
    """Give an application further kinds of work."""
    app.extensions[hooks.KEY].register(Extra(*kinds))
    app.extensions[hooks.REGISTRY].forget()


def make_room(app: Flask) -> None:
    """A table that takes every effect, also the same one twice."""
    number = "INTEGER" if database_name(app) == "sqlite" else "SERIAL"
    with outside(app) as connection:
        connection.execute(text(f"CREATE TABLE effect (id {number} PRIMARY KEY, name TEXT)"))


def effects(app: Flask) -> list[str]:
    """The effects there were, in order."""
    with outside(app) as connection:
        return list(connection.execute(text("SELECT name FROM effect ORDER BY id")).scalars())


def leave_effect(name: str) -> None:
    """An effect in the running transaction."""
    database.session.execute(text("INSERT INTO effect (name) VALUES (:name)"), {"name": name})


def act(payload: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """A job that leaves an effect named in its payload."""
    leave_effect(payload.get("name") or payload["slot"])


@operation("test_wanted")
def want(
    kind: str,
    names: list[str],
    *,
    key: str = "",
    run_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> list[int | None]:
    """Put one job for each name into the queue."""
    return [
        enqueue(kind, {"name": name}, key=f"{key}{name}" if key else None, run_at=run_at)
        for name in names
    ]


def wanted(app: Flask, kind: str, *names: str, **more: Any) -> list[int | None]:
    """Put jobs into the queue of an application."""
    with app.app_context():
        return want(kind, list(names), by=command_line(), at=clock.now(), **more)


@contextmanager
def outside(app: Flask) -> Iterator[Any]:
    """A connection beside the application's session."""
    with app.app_context(), database.engine.begin() as connection:
        yield connection


def database_name(app: Flask) -> str:
    """`sqlite` or `postgresql`."""
    with app.app_context():
        return database.engine.dialect.name


def rows(app: Flask) -> list[Any]:
    """The queue."""
    with outside(app) as connection:
        return list(connection.execute(text("SELECT * FROM job ORDER BY id")).mappings())
