"""What every test stands on: no network, no skipping in CI, one PostgreSQL for the whole run, and
files in memory where there is room: the tests would wait for the disk a third of their time."""

import ipaddress
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import figures, loglines, postgresql
from tests.applications import *  # noqa: F403 - fixtures
from tests.choosing import (
    begin_with_the_longest,
    leave_for_the_night,
    mark_what_tells_figures,
    note_what_is_run,
)

# A machine that is busy with other tests is no fault of the one that waits for it.
settings.register_profile("crmlite", deadline=None)
settings.load_profile("crmlite")

RUN = pytest.StashKey[postgresql.Run]()
MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made by tempfile and pytest
ROOM = 4 * 2**30  # bytes
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_configure(config: pytest.Config) -> None:
    """Close the network and open the log; in the process that leads the others, begin the run."""
    sys.addaudithook(refuse_network)
    loglines.listen()
    if not hasattr(config, "workerinput"):
        stay_in_memory()
        note_what_is_run(config)
        config.stash[RUN] = postgresql.Run()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Know what tells figures, and leave for the night what would tell nothing new."""
    mark_what_tells_figures(items)
    leave_for_the_night(items)


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def order_what_is_left(items: list[pytest.Item]) -> None:
    """Once they are mixed, begin with the longest."""
    begin_with_the_longest(items)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Know which test tells a figure."""
    figures.begun(item)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell the figures that tests have measured."""
    figures.write(terminalreporter)


def stay_in_memory() -> None:
    """Have temporary files of this process and those it starts in memory, unless told where."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if runs_programs and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run, and with it the PostgreSQL server."""
    if run := config.stash.get(RUN, None):
        run.end()


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Let tests talk to this machine only. An audit hook: it sees each call of Python's sockets."""
    match event, arguments:
        case (("socket.connect" | "socket.sendto"), (_, (str(host), *_))):
            pass
        case (("socket.getaddrinfo" | "socket.gethostbyname"), (str(host), *_)):
            pass
        case _:
            return
    if not is_here(host):
        raise PermissionError(f"a test wanted to reach {host}: tests use no network")


def is_here(host: str) -> bool:
    """Whether `host` is this machine itself."""
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI a skipped test has failed: what is not run is not known to work."""
    report = yield
    return unskipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """The same for a file of tests that skips itself."""
    report = yield
    return unskipped(report)


def unskipped(report: Any) -> Any:
    """The report, as a failure if it is a skip in CI."""
    if CI and report.outcome == "skipped":
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped when CI is set. {reason}"
    return report


@pytest.fixture(autouse=True)
def no_log_silenced() -> Iterator[None]:
    """A test that silences a logger for good makes others fail, in another order of tests."""
    yield
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    silenced = [each.name for each in loggers if each.disabled]
    for logger in loggers:
        logger.disabled = False
    assert silenced == []


@pytest.fixture(autouse=True)
def nothing_told_in_the_log() -> Iterator[None]:
    """No test may make crmlite, or a library, log what it knows of people."""
    reader = loglines.READER
    lines, told = reader.lines, len(reader.told)
    yield
    if reader.lines > lines:
        figures.counted("log", lines=reader.lines - lines)
    assert reader.told[told:] == []


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """The address of the PostgreSQL server of this run; its own database is not for tests."""
    return postgresql.server_url()


@pytest.fixture
def fresh_postgresql() -> Iterator[Callable[..., str]]:
    """Makes databases: `fresh_postgresql(template="…")` returns an address. Dropped afterwards."""
    made = []

    def create(template: str = "template1") -> str:
        made.append(postgresql.create_database(template))
        return made[-1]

    yield create
    for url in made:
        postgresql.drop_database(url)
