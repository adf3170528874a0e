"""The worker: a process that does what is due, one job after the other, until it is told to stop."""

import logging
import os
import signal
import threading
import time
from typing import Any

from flask import Flask

from crmlite import clock
from crmlite.db import migrate
from crmlite.db.engines import is_busy
from crmlite.extensions import database
from crmlite.jobs import queue, running, signs, timetable

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between looks into an empty queue
TROUBLE = 5.0  # seconds to wait when the database does not answer
BEAT = 10.0  # seconds between signs of life
LOOK = 5.0  # seconds between looks for work that piles up in the book


class Worker:
    """Does the jobs of one application; with `parent`, for as long as that process lives."""

    def __init__(self, app: Flask, pause: float = PAUSE, parent: int = 0) -> None:
        self.app = app
        self.pause = pause
        self.parent = parent
        self.identity = signs.Identity.new(clock.now())
        self._stop = threading.Event()
        self._beat_at = self._look_at = 0.0  # by the monotonic clock

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, which let the current job be finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self._stop.is_set() and self.parent in (0, os.getppid()):
            try:
                pause = 0.0 if self.step() else self.pause
            except Exception as error:
                if not is_busy(error):
                    log.exception("the worker cannot work and tries again in a moment")
                pause = TROUBLE
            self._stop.wait(pause)
        self._leave()

    def stop(self, *_signal: Any) -> None:
        """Let `run` return after the current job."""
        self._stop.set()

    def step(self) -> bool:
        """Do one job if one is due; whether there was one."""
        with self.app.app_context():
            if not self._live():
                return False
            self._look()
            claimed = queue.claim(self.identity.owner, clock.now())
            if claimed is None:
                return False
            running.do(claimed)
            if claimed.kind.recurs:
                timetable.plan(clock.now())
            return True

    def _look(self) -> None:
        """Now and then look for work that piles up in the book."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK
            timetable.put_pending(clock.now())

    def _live(self) -> bool:
        """Now and then give a sign of life and look after the timetable.

        False while the book is not one for this version of crmlite: then nothing is touched.
        """
        if time.monotonic() < self._beat_at:
            return True
        if not self._fits():
            log.warning("the book does not fit this version of crmlite; the worker waits")
            self._stop.wait(TROUBLE)
            return False
        now = clock.now()
        signs.sign(self.identity, now)
        timetable.plan(now)
        self._beat_at = time.monotonic() + BEAT
        return True

    def _fits(self) -> bool:
        return migrate.standing(database.session.connection()) is migrate.Standing.CURRENT

    def _leave(self) -> None:
        try:
            with self.app.app_context():
                signs.leave(self.identity)
        except Exception:
            log.exception("the worker stops without a word")
