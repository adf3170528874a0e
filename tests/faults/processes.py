"""Asking `nursery.py` for processes: `with nursery(config) as forked: child = forked("count", …)`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlite.config import Config

NURSERY = Path(__file__).with_name("nursery.py")


@dataclass(frozen=True)
class Child:
    """A forked process and the file in which it says what it did."""

    pid: int
    out: Path

    def said(self) -> list[list[Any]]:
        """Its whole lines so far."""
        lines = self.out.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def await_lines(self, number: int, patience: float = 60) -> None:
        """Wait until it has said so many."""
        until = time.monotonic() + patience
        while len(self.said()) < number:
            assert time.monotonic() < until, f"only {len(self.said())} of {number} lines"
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as a power cut would: without asking."""
        os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """A crmlite that is forked."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder, self._number = process, folder, 0

    def __call__(self, task: str, **arguments: Any) -> Child:
        """Start a process that does a task."""
        self._number += 1
        out = self._folder / f"{task} {self._number}.out"
        out.touch()
        pid = int(self._ask({"task": task, "out": str(out), "with": arguments}))
        return Child(pid, out)

    def wait(self, child: Child) -> int:
        """How it ended: 0, an error's number, or a signal's as a negative number."""
        return int(self._ask({"wait": child.pid}))

    def _ask(self, what: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the nursery has died: see its messages above"
        return answer


@contextmanager
def nursery(config: Config, folder: Path, *, busy_seconds: float = 15.0) -> Iterator[Nursery]:
    """Processes that work on a book; `folder` takes what they say."""
    command = [sys.executable, NURSERY, config.instance, config.database_url, busy_seconds]
    with subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Nursery(process, folder)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)
