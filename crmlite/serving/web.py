"""The web server: gunicorn, set up so that it tells no one's secrets and leaves nobody waiting."""

import logging
import os
import select
import socket
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.exceptions import ClientDisconnected

from crmlite.extensions import database
from crmlite.serving.forking import let_stops_in

THREADS = 8
GRACE_SECONDS = 30
PATIENCE_SECONDS = 15.0  # that people wait altogether for what a client still sends
LEAST_BYTES = 2000  # for each of which they wait a second longer
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - only heartbeats lie in it, in files without a name


class WebServer(BaseApplication):
    """Gunicorn for one application, which was made before the processes part, on a socket that
    listens already."""

    def __init__(self, app: Flask, listener: int, workers: int) -> None:
        self.app = app
        self.listener = listener
        self.workers = workers
        super().__init__()

    def load_config(self) -> None:
        """The settings; gunicorn's own files and variables are not read."""
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """What answers requests."""
        return self.app

    def _settings(self) -> dict[str, Any]:
        return {
            "bind": f"fd://{self.listener}",
            "workers": self.workers,
            "threads": THREADS,
            "worker_class": DrainingWorker,
            "preload_app": True,  # the processes share the memory of what never changes
            "post_fork": self._forked,
            "keepalive": 5,
            "graceful_timeout": GRACE_SECONDS,
            "limit_request_line": 8190,  # the address of a list holds its whole filter
            "worker_tmp_dir": MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None,
            "forwarded_allow_ips": "",  # the application decides whom it believes, see app.py
            "control_socket_disable": True,
            "logger_class": Log,
            "proc_name": "crmlite",
        }

    def _forked(self, _arbiter: Any, _worker: Any) -> None:
        """Leave Ctrl+C to the supervisor, and share no connection with other processes."""
        let_stops_in()
        os.setpgid(0, 0)
        with self.app.app_context():
            database.engine.dispose(close=False)


class Visitor(socket.socket):
    """A connection that counts as closed when its client takes too long to send what it sends.

    Each request takes a thread from its first byte to its last one, and there are few: a handful of
    clients that send a byte now and then would keep everybody else out.
    """

    left = PATIENCE_SECONDS

    def begin(self) -> None:
        """Begin a request."""
        self.left = PATIENCE_SECONDS

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What has come; nothing, as from somebody who is gone, when that takes too long."""
        own = self.gettimeout()
        if own is not None and own < self.left:
            return super().recv(size, flags)
        began = time.monotonic()
        waiting = select.poll()
        waiting.register(self, select.POLLIN)
        if self.left <= 0 or not waiting.poll(self.left * 1000):
            self.left = 0
            return b""
        found = super().recv(size, flags)
        self.left += len(found) / LEAST_BYTES - (time.monotonic() - began)
        return found


class Body:
    """What a client sends, of which the application hears no more than that it was cut off: what is
    no body is nobody's mistake but the client's."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def read(self, size: int) -> bytes:
        """The next bytes. Raises ClientDisconnected, which is answered by 400."""
        try:
            return bytes(self.reader.read(size))
        except (ParseException, NoMoreData) as error:
            raise ClientDisconnected from error


class DrainingWorker(ThreadWorker):
    """A worker process that answers everyone who was let in before it stops, and waits for no client
    for ever.

    Gunicorn's own leaves connections that the system has accepted and it has not to be reset.
    """

    def enqueue_req(self, conn: Any) -> None:
        """Have a request answered; how long it may take to come is counted anew for each."""
        if not isinstance(conn.sock, Visitor):
            conn.sock = Visitor(fileno=conn.sock.detach())
        conn.sock.begin()
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer one, whatever its body turns out to be."""
        reader = req.body.reader
        req.body.reader = Body(reader)
        try:
            return super().handle_request(req, conn)
        finally:
            req.body.reader = reader

    def set_accept_enabled(self, enabled: bool) -> None:
        """Before closing the door for good, let those in who stand before it."""
        if self.alive:
            super().set_accept_enabled(enabled)
            return
        for listener in self.sockets:
            self._let_in(listener)
        super().set_accept_enabled(enabled)
        for listener in self.sockets:
            listener.close()

    def _let_in(self, listener: Any) -> None:
        listener.setblocking(False)
        before = -1
        while before != self.nr_conns:
            before = self.nr_conns
            self.accept(listener)


class Log(Logger):
    """Gunicorn's messages in crmlite's log, without addresses and what was asked for."""

    def setup(self, cfg: Any) -> None:
        """Use crmlite's logger, which writes JSON lines."""
        self.error_log = logging.getLogger("crmlite.web")
        self.error_log.setLevel(logging.WARNING)

    def access(self, *_request: Any) -> None:
        """Requests are noted by crmlite itself, by route and not by address."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Gunicorn puts into its warnings what strangers send."""
        if msg.startswith("Invalid request"):
            msg, args = "somebody sent what is not a request", ()
        super().warning(msg, *map(_plain, args), **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """An address may hold what somebody searched for."""
        super().exception(msg, *map(_plain, args), **kwargs)


def _plain(value: Any) -> Any:
    return value.partition("?")[0] if isinstance(value, str) else value
