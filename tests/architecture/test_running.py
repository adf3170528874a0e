"""The run of the tests itself: no network, no skipping in CI, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.architecture.project import ROOT


def test_no_test_reaches_another_machine():
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(PermissionError, match=r"crmlite\.example"):
        socket.getaddrinfo("crmlite.example", 80)


def test_tests_reach_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def run(folder, *sources, **environment):
    """Run pytest on some files as `make test` would; returns the running process."""
    for number, source in enumerate(sources):
        (folder / f"test_{number}.py").write_text(source, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", folder]
    options = ["-p", "tests.conftest", "-p", "no:randomly", "-p", "no:cacheprovider", "-q", folder]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env={**kept, "CI": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


SKIPPED = (
    "import pytest\ndef test_it(): pytest.skip('no browser here')",
    "import pytest\npytest.skip('no browser here', allow_module_level=True)",
    "import pytest\n@pytest.mark.skip('no browser here')\ndef test_it(): pass",
)


def test_what_is_skipped_fails_in_ci_only(tmp_path):
    calm = run(tmp_path, *SKIPPED)
    assert "3 skipped" in calm.communicate(timeout=60)[0]
    strict = run(tmp_path, *SKIPPED, CI="true", PYTEST_ADDOPTS="--continue-on-collection-errors")
    shown, _ = strict.communicate(timeout=60)
    assert strict.returncode == 1
    assert shown.count("Nothing may be skipped when CI is set.") >= 3
    assert "skipped" not in shown.splitlines()[-1]


def test_databases_are_copies_of_their_template(fresh_postgresql):
    def fill(url):
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute("CREATE TABLE shelf (book text)")

    template = postgresql.template_database("shelf", fill)
    one, other = fresh_postgresql(template), fresh_postgresql(template)
    with psycopg.connect(plain(one), autocommit=True) as connection:
        connection.execute("INSERT INTO shelf VALUES ('red')")
    with psycopg.connect(plain(other)) as connection:
        assert connection.execute("SELECT count(*) FROM shelf").fetchone() == (0,)


def plain(url):
    """A database address as psycopg itself writes it."""
    return url.replace("+psycopg", "")


KILLED = """
import time
from tests import postgresql
def test_it():
    print(postgresql.create_database(), flush=True)
    time.sleep(120)
"""


def test_a_killed_run_leaves_no_server_behind(tmp_path):
    process = run(tmp_path, KILLED, PYTEST_ADDOPTS="-s")
    line = next(line for line in process.stdout if "postgresql+psycopg://" in line)
    server = Path(line.strip().rpartition("host=")[2])
    postmaster = int((server / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    until = time.monotonic() + 20
    while server.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not server.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postmaster, 0)
