"""A server as a tree of processes: started, measured, ended."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0
QUIET, IDLE = 5.0, 0.05  # seconds, and what part of them a server may work that has nothing to do


@dataclass(frozen=True)
class Server:
    """A running server: the process that leads it, its port, and how long its first answer took."""

    process: subprocess.Popen[bytes]
    port: int
    first_answer: float

    def cpu_seconds(self) -> float:
        """Processor time that the whole tree has used."""
        return sum(_cpu(pid) for pid in tree(self.process.pid))

    def settle(self, patience: float = 600.0) -> None:
        """Wait until nothing is done in the background any more."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            before = self.cpu_seconds()
            time.sleep(QUIET)
            if self.cpu_seconds() - before < IDLE * QUIET:
                return
        raise RuntimeError("the background work does not end")

    def memory_mb(self) -> float:
        """Memory of the whole tree: sum of PSS, where shared pages count once."""
        return sum(_pss(pid) for pid in tree(self.process.pid)) / 1024


@contextmanager
def running(command: list[str], port: int, path: str, env: dict[str, str]) -> Iterator[Server]:
    """A server, until the block ends. `path` is asked until it answers."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.01)
        yield Server(process, port, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def program(name: str) -> str:
    """A program of the environment that runs this."""
    return str(Path(sys.executable).with_name(name))


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """A process and all that came from it."""
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += map(int, task.read_text().split())
            except OSError:
                continue  # it ended meanwhile
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.partition("Pss:")[2].split()[0])


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
