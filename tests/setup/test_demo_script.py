"""What `make demo` tells at its first start and at the next ones."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

STAND_IN = """#!/bin/sh
case "$1" in
  demo) echo "$@" >>given.txt; echo "Recovery code: AAAA"; echo "It is shown only now."; echo "82 customers."
        echo "Sign in as manager; the password is x" ;;
  serve) echo "Serving." ;;
esac
"""


def started(folder: Path, *packs: str) -> str:
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "demo.sh"), "8199", *packs],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which something stands in for crmlite."""
    program = tmp_path / ".venv" / "bin" / "crmlite"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN)
    program.chmod(0o755)
    return tmp_path


def test_packs_are_shown_from_the_start_or_later(checkout: Path) -> None:
    started(checkout, "retail", "education")
    started(checkout, "retail")
    started(checkout)
    assert (checkout / "given.txt").read_text().splitlines() == [
        "demo load --pack retail --pack education",
        "demo load --pack retail",
    ]


def test_only_how_to_sign_in_is_told_again(checkout: Path) -> None:
    first, second = started(checkout), started(checkout)
    assert "Recovery code: AAAA" in first and "Sign in as manager" in first
    assert second == "Sign in as manager; the password is x\nServing.\n"
    kept = (checkout / "instance" / "demo" / "accounts.txt").read_text()
    assert kept == "Sign in as manager; the password is x\n", "the code is nowhere on this machine"
