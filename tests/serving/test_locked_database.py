"""While somebody else holds the database, people get an answer in time, and nothing half done."""

import time
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from crmlite.db import migrate
from crmlite.testing import csrf_token
from tests.figures import told
from tests.jobs.workshop import rows

BUSY = 2.0  # as crmlite.testing sets it


@contextmanager
def held(config):
    """Another process writes and does not end."""
    with migrate.passing_engine(config.url, 1.0) as engine, engine.connect() as connection:
        if config.is_sqlite:
            connection.connection.driver_connection.execute("BEGIN EXCLUSIVE")
        else:
            connection.execute(text("LOCK TABLE operation, job IN EXCLUSIVE MODE"))
        yield


@pytest.mark.parametrize("path", ["/settings/jobs/tidy-jobs/runs"])
def test_a_change_gets_503_and_when_to_try_again_within_the_time_that_was_set(app, sign_in, path):
    client = sign_in("manager")
    token = csrf_token(client, "/settings/jobs")
    with held(app.extensions["crmlite.config"]):
        began = time.monotonic()
        response = client.post(path, data={"csrf_token": token})
        waited = time.monotonic() - began
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Traceback" not in response.text
    told("locked database", f"503 after {waited:.1f} s of at most {BUSY + 1}")
    assert waited < BUSY + 1
    assert rows(app) == []
    assert client.post(path, data={"csrf_token": token}).status_code == 303
    assert len(rows(app)) == 1


def test_pages_can_be_read_meanwhile(app, sign_in):
    client = sign_in("manager")
    with held(app.extensions["crmlite.config"]):
        began = time.monotonic()
        assert client.get("/settings/jobs").status_code == 200
        assert time.monotonic() - began < BUSY
