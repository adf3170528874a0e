"""Engines for the tests of this room: a plain database of each kind, made safe as crmlite does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from crmlite.db.engines import engine_options, prepare

BUSY_SECONDS = 1.0

__all__ = ["BUSY_SECONDS", "connected", "safe_engine"]


def connected(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine as an application has it."""
    engine = create_engine(url, **engine_options(url, busy_seconds))
    prepare(engine, busy_seconds)
    return engine


@pytest.fixture
def safe_engine(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database on each engine."""
    url = f"sqlite:///{tmp_path}/book.db"
    if engine == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")()
    made = connected(url)
    yield made
    made.dispose()
