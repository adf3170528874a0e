"""Commands of crmlite, run in the process of the test: to start one costs more than most of them do."""

import io
import logging
import os
import sys
from dataclasses import dataclass

import pytest

from crmlite import cli
from tests.serving import house


@dataclass
class Done:
    """How a command went."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs a command in this process: `command(config, "jobs", "list")`."""
    mask, level = os.umask(0), logging.getLogger("crmlite").level

    def served(*_):
        raise AssertionError("this should have been refused")

    monkeypatch.setattr("crmlite.serving.supervisor.serve", served)

    def run(config, *arguments, given="", **more):
        for name, value in house.environment(config, CRMLITE_LOG_LEVEL="CRITICAL", **more).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["crmlite", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        return Done(code, *capsys.readouterr())

    yield run
    os.umask(mask)
    logging.getLogger("crmlite").setLevel(level)
