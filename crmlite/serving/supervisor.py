"""The supervisor: starts the web server and a worker, starts them again when they die, stops them."""

import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Flask

from crmlite.jobs.worker import Worker
from crmlite.serving.warming import warm
from crmlite.serving.web import GRACE_SECONDS, WebServer

log = logging.getLogger(__name__)
SETTLED = 5.0  # seconds after which a child counts as started
LONGEST_PAUSE = 10.0  # seconds before a child that keeps dying is started again
MOST_FAILURES = 5
PARENT_DIED = 1  # Linux: PR_SET_PDEATHSIG


@dataclass(slots=True)
class Child:
    """A process that must be there."""

    name: str
    work: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0


class Supervisor:
    """One application's web server and worker.

    The application is made before they part, so that they share its memory. The socket stays open
    while the web server is started again: people wait for a moment and are not turned away.
    """

    def __init__(self, app: Flask, listener: socket.socket, workers: int) -> None:
        self.app = app
        self.listener = listener
        self.children = [
            Child("web", lambda: WebServer(app, listener, workers).run()),
            Child("worker", self._work),
        ]
        self._stopping = 0
        self._wake = threading.Event()

    def run(self) -> bool:
        """Serve until SIGTERM or SIGINT; False when a child cannot be kept running."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, self._told)
        warm(self.app)
        gc.collect()
        gc.freeze()  # what is shared is not to be touched by every child's collector
        while not self._stopping and self._tend():
            self._wake.wait(1.0)
            self._wake.clear()
        asked = bool(self._stopping)
        self._stop()
        return asked

    def _told(self, number: int, _frame: Any) -> None:
        if number != signal.SIGCHLD:
            self._stopping += 1
        self._wake.set()

    def _tend(self) -> bool:
        """Start what is not running; False when something fails again and again."""
        self._reap()
        now = time.monotonic()
        for child in self.children:
            if child.failures >= MOST_FAILURES:
                log.error("%s does not stay up; crmlite stops", child.name)
                return False
            if not child.pid and child.start_at <= now:
                self._start(child)
        return True

    def _reap(self) -> None:
        for child in self.children:
            if child.pid and _has_ended(child.pid):
                lived = time.monotonic() - child.started
                child.failures = 0 if lived >= SETTLED else child.failures + 1
                pause = min(LONGEST_PAUSE, 0.25 * 2**child.failures) if child.failures else 0.0
                child.pid, child.start_at = 0, time.monotonic() + pause
                if not self._stopping:
                    log.error("%s has died and is started again", child.name)

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        child.started = time.monotonic()
        child.pid = os.fork()
        if not child.pid:
            _become(child.work, parent)

    def _work(self) -> None:
        self.listener.close()
        Worker(self.app).run()

    def _stop(self) -> None:
        """Let everyone finish what they are doing; asked a second time, do not wait."""
        self.listener.close()
        self._send(signal.SIGTERM)
        hurried = self._stopping
        until = time.monotonic() + GRACE_SECONDS + SETTLED
        while any(child.pid for child in self.children):
            self._wake.wait(0.05)
            self._wake.clear()
            self._reap()
            if time.monotonic() > until or self._stopping > hurried:
                self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number)


def _has_ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _become(work: Callable[[], None], parent: int) -> NoReturn:
    """Be a child: do its work and end, without returning into what the parent was doing."""
    code = 1
    try:
        os.setpgid(0, 0)  # Ctrl+C is for the supervisor, which stops its children in order
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _end_with(parent)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        log.exception("a child ends")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with(parent: int) -> None:
    """Have the system stop this process when the supervisor dies without a word."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(0)
