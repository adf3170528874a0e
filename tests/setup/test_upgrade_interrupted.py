"""An upgrade may be killed at any moment, and two may be asked for at once."""

import random
import signal
import subprocess
import time

import pytest
import sqlalchemy as sa

from tests import postgresql
from tests.figures import told
from tests.serving.house import COMMAND, environment
from tests.setup import older

KILLS = 6
BOOK = "before-4"


@pytest.fixture
def book(engine, tmp_path):
    """The settings of an instance with an older book."""
    config = older.lay(BOOK, engine, tmp_path / "older")
    yield config
    if engine == "postgresql":
        postgresql.drop_database(config.database_url)


def begun(config, *arguments):
    return subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment(config),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def ended(process):
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def is_whole(config):
    """Whether the book is up to date and fits."""
    code, said = ended(begun(config, "check"))
    return code == 0, said


def test_an_upgrade_that_is_killed_again_and_again_is_done_in_the_end(book):
    rng = random.Random(KILLS)
    before = older.rows_of(book.url)
    begin = time.monotonic()
    assert ended(begun(book, "version"))[0] == 0
    start = time.monotonic() - begin  # what a command takes before it begins its work
    killed = 0
    for _ in range(KILLS):
        process = begun(book, "upgrade")
        time.sleep(start + rng.uniform(0, 3.0))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        ended(process)
    let_leases_end(book)
    code, said = ended(begun(book, "upgrade"))
    assert code == 0, said
    whole, found = is_whole(book)
    assert whole, found
    after = older.rows_of(book.url)
    assert after["customer"].keys() == before["customer"].keys()
    assert {job["state"] for job in after["job"].values() if job["kind"] == "settle-upgrade"} == {
        "done"
    }
    assert killed > 0
    told("interrupted upgrades", f"{killed} kills, 0 rows lost")


def let_leases_end(config):
    """As if minutes had passed: whoever was killed while counting holds the work for two more."""
    engine = sa.create_engine(config.url)
    with engine.begin() as connection:
        past = sa.text("UPDATE job SET lease_until = '2026-01-01 00:00:00' WHERE state = 'running'")
        connection.execute(past)
    engine.dispose()


def test_of_two_upgrades_at_once_both_end_well(book):
    both = [ended(process) for process in (begun(book, "upgrade"), begun(book, "upgrade"))]
    assert [code for code, _ in both] == [0, 0], both
    assert all("up to date" in said for _, said in both)
    whole, found = is_whole(book)
    assert whole, found
