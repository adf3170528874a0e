"""The supervisor: keeps the web processes and one worker running, and stops them in order."""

import gc
import logging
import os
import signal
import sys
import time
from typing import NoReturn

from flask import Flask
from gunicorn.arbiter import Arbiter

from crmlite.jobs.worker import Worker
from crmlite.serving.forking import let_stops_in, stops_held
from crmlite.serving.listening import close_the_door
from crmlite.serving.memory import give_back
from crmlite.serving.warming import warm
from crmlite.serving.web import WebServer

log = logging.getLogger(__name__)
SETTLED = 5.0  # seconds after which a worker counts as started
HALFWAY_IN = 0.2  # seconds for connections that are being made when the door is closed
NICE = 5  # of the worker: who waits for a page comes before what nobody waits for
LONGEST_PAUSE = 60.0  # seconds before one that keeps dying is started again


def serve(app: Flask, listener: int, workers: int) -> int:
    """Serve an application on a listening socket until SIGTERM or SIGINT; answers the exit code.

    `listener` is the socket's descriptor, `workers` the number of web processes. The processes part
    after the application is made and warm, so that they share its memory.
    """
    give_back()
    warm(app)
    gc.freeze()  # what is shared is not to be touched by every process's collector
    try:
        Supervisor(WebServer(app, listener, workers)).run()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


class Supervisor(Arbiter):
    """Gunicorn's supervisor of web processes, with crmlite's worker as one more child.

    One process less than a supervisor beside it, which would hold the whole application for nothing.
    """

    def __init__(self, server: WebServer) -> None:
        super().__init__(server)
        self.flask_app = server.app
        self.worker_pid = 0
        self.worker_since = 0.0
        self.worker_failures = 0
        self.worker_due = 0.0

    def manage_workers(self) -> None:
        """Start what is not running. Gunicorn asks each second and when a child ends."""
        super().manage_workers()
        now = time.monotonic()
        if self.worker_pid and self._worker_has_ended():
            self._note_death(now)
        if not self.worker_pid and self.worker_due <= now:
            self._start_worker(now)

    def spawn_worker(self) -> int:
        """Start a web process; its end of this is `WebServer`'s, after the fork."""
        with stops_held():
            return int(super().spawn_worker())

    def handle_int(self) -> None:
        """Ctrl+C lets everyone finish, like SIGTERM; a second one does not wait."""
        self.handle_term()

    def stop(self, graceful: bool = True) -> None:
        """Close the door, let everyone finish what they are doing, and end when they have."""
        self._tell_worker(signal.SIGTERM)
        for listener in self.LISTENERS:
            close_the_door(listener.sock)
        time.sleep(HALFWAY_IN if graceful else 0)
        super().stop(graceful)
        until = time.monotonic() + self.cfg.graceful_timeout
        while self.worker_pid and not self._worker_has_ended():
            time.sleep(0.05)
            if time.monotonic() > until:
                self._tell_worker(signal.SIGKILL)

    def _start_worker(self, now: float) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.worker_since = now
        with stops_held():
            self.worker_pid = os.fork()
            if not self.worker_pid:
                self._work(parent)

    def _work(self, parent: int) -> NoReturn:
        """Be the worker, and end without returning into what the supervisor was doing."""
        code = 1
        try:
            os.setpgid(0, 0)  # Ctrl+C is for the supervisor, which stops everyone in order
            for number in (*self.SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            let_stops_in()
            for listener in self.LISTENERS:
                listener.close()
            os.nice(NICE)
            Worker(self.flask_app, parent=parent).run()
            code = 0
        except BaseException:
            log.exception("the worker ends")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _note_death(self, now: float) -> None:
        """A worker that dies right away again and again is started less and less often."""
        settled = now - self.worker_since >= SETTLED
        self.worker_failures = 0 if settled else self.worker_failures + 1
        pause = min(LONGEST_PAUSE, 2.0**self.worker_failures) if self.worker_failures else 0.0
        self.worker_pid, self.worker_due = 0, now + pause
        log.error("the worker has died and is started again")

    def _worker_has_ended(self) -> bool:
        try:
            return os.waitpid(self.worker_pid, os.WNOHANG)[0] == self.worker_pid
        except ChildProcessError:
            return True  # gunicorn has heard of it first

    def _tell_worker(self, number: int) -> None:
        if self.worker_pid and not self._worker_has_ended():
            os.kill(self.worker_pid, number)
