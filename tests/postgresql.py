"""The PostgreSQL that the tests run on: one for the whole run, thrown away at its end.

The first test that asks for it has it started; all test processes share it, each in databases of
its own. `postgresql_keeper.py` runs it and takes it down when the run is over.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

RUN = "CRMLITE_TEST_RUN"
KEEPER = Path(__file__).with_name("postgresql_keeper.py")
PATIENCE = 60.0


class Run:
    """One run of the tests: a folder, and a lock in it for as long as this process lives.

    The operating system frees the lock when the process ends, in whatever way: that is what the
    keeper of the server waits for.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="crmlite-tests-"))
        self._alive = (self.folder / "alive").open("w")
        fcntl.lockf(self._alive, fcntl.LOCK_EX)
        os.environ[RUN] = str(self.folder)

    def end(self) -> None:
        """Let go, and wait until the server is gone."""
        self._alive.close()
        if not (self.folder / "keeper").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
        until = time.monotonic() + PATIENCE
        while self.folder.exists() and time.monotonic() < until:
            time.sleep(0.02)


def server_url() -> str:
    """The address of this run's server, which is started when it is not running yet."""
    folder = Path(os.environ[RUN])
    if not (folder / "ready").exists():
        with _alone(folder / "starting"):
            if not (folder / "ready").exists():
                _start(folder)
    return _address(folder, "postgres")


def address(name: str) -> str:
    """The address of the database `name` on this run's server."""
    server_url()
    return _address(Path(os.environ[RUN]), name)


def name_in(url: str) -> str:
    """The name of the database that an address leads to."""
    return url.partition("?")[0].rpartition("/")[2]


def create_database(template: str = "template1") -> str:
    """Make a database, a copy of the one called `template`; returns its address."""
    name = f"t{secrets.token_hex(8)}"
    _administer("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
    return address(name)


def drop_database(url: str) -> None:
    """Remove a database, whoever is still connected to it."""
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_in(url))


def template_database(name: str, fill: Callable[[str], object]) -> str:
    """Make a database to copy from, once for the run; returns its name.

    `fill(url)` fills it, in the first process that asks, and must leave no connection open.
    """
    server_url()
    done = Path(os.environ[RUN], f"{name}.filled")
    with _alone(done.with_suffix(".filling")):
        if not done.exists():
            _administer("DROP DATABASE IF EXISTS {}", name)
            _administer("CREATE DATABASE {}", name)
            fill(address(name))
            done.touch()
    return name


def _address(folder: Path, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


def _administer(statement: str, *names: str) -> None:
    """Run a statement that must stand outside a transaction, with these names in it."""
    composed = sql.SQL(statement).format(*map(sql.Identifier, names))
    url = server_url().replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(composed)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only process of the run that holds `path`."""
    with path.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> None:
    """Start the keeper, which outlives this process but not the run."""
    log = folder / "log"
    if log.exists():
        raise RuntimeError("PostgreSQL did not start: an earlier test shows why")
    with log.open("w") as output:
        keeper = subprocess.Popen(
            [sys.executable, KEEPER, folder],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl+C in the terminal is meant for the tests
        )
    (folder / "keeper").write_text(str(keeper.pid))
    until = time.monotonic() + PATIENCE
    while not _answers(folder):
        if keeper.poll() is not None or time.monotonic() > until:
            (folder / "keeper").unlink()
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.02)
    keeper.returncode = 0  # nobody here waits for it: say so, or Popen warns
    (folder / "ready").touch()


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(_address(folder, "postgres").replace("+psycopg", "")).close()
    except psycopg.OperationalError:
        return False
    return True
