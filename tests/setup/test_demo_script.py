"""What `make demo` tells at its first start and at the next ones."""

import os
import subprocess
from pathlib import Path

from tests.architecture.project import ROOT

STAND_IN = """#!/bin/sh
case "$1" in
  demo) echo "Recovery code: AAAA"; echo "It is shown only now."; echo "82 customers."
        echo "Sign in as manager; the password is x" ;;
  serve) echo "Serving." ;;
esac
"""


def started(folder: Path) -> str:
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "demo.sh"), "8199"],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_only_how_to_sign_in_is_told_again(tmp_path: Path) -> None:
    program = tmp_path / ".venv" / "bin" / "crmlite"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN)
    program.chmod(0o755)
    first, second = started(tmp_path), started(tmp_path)
    assert "Recovery code: AAAA" in first and "Sign in as manager" in first
    assert second == "Sign in as manager; the password is x\nServing.\n"
    kept = (tmp_path / "instance" / "demo" / "accounts.txt").read_text()
    assert kept == "Sign in as manager; the password is x\n", "the code is nowhere on this machine"
