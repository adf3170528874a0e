"""The web server: gunicorn, set up so that it tells no one's secrets and leaves nobody waiting."""

import logging
import os
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import create_sockets
from gunicorn.workers.gthread import ThreadWorker

from crmlite.extensions import database
from crmlite.serving.clients import Answered, Body, Visitor
from crmlite.serving.keeper import GRACE, SILENT, let_signals_through

THREADS = 8
LONGEST_ANSWER = 300.0  # seconds, besides those that it may wait for another change
PARTING_SECONDS = 2.0  # that a client has to close its end, too


def answer(app: Flask, listener: int, sign: int, parent: int) -> None:
    """Be a web process: answer requests until SIGTERM, or until the process `parent` is gone, and
    touch `sign` as a sign of life."""
    with app.app_context():
        database.engine.dispose(close=False)  # shares no connection with other processes
    DrainingWorker(WebServer(app, listener), sign, parent).init_process()
    with app.app_context():
        database.engine.dispose()


class WebServer:
    """Gunicorn's settings for one application on a socket that listens already; gunicorn's own files
    and variables are not read."""

    def __init__(self, app: Flask, listener: int) -> None:
        self.app = app
        self.listener = listener
        self.cfg = Config()
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def wsgi(self) -> Flask:
        """What answers requests."""
        return self.app

    def _settings(self) -> dict[str, Any]:
        return {
            "bind": f"fd://{self.listener}",
            "threads": THREADS,
            "keepalive": 5,
            "sendfile": False,  # it would wait for who reads nothing
            "timeout": int(SILENT),
            "graceful_timeout": int(GRACE),
            "limit_request_line": 8190,  # the address of a list holds its whole filter
            "forwarded_allow_ips": "",  # the application decides whom it believes, see app.py
            "logger_class": Log,
        }


class DrainingWorker(ThreadWorker):
    """A worker process that answers everyone who was let in before it stops, and waits for no client
    for ever.

    Gunicorn's own leaves connections that the system has accepted and it has not to be reset.
    """

    def __init__(self, server: WebServer, sign: int, parent: int) -> None:
        log = Log(server.cfg)
        sockets = create_sockets(server.cfg, log)
        super().__init__(1, parent, sockets, server, server.cfg.timeout / 2, server.cfg, log)
        self.sign = sign
        self.parting: dict[Visitor, float] = {}
        waits = server.app.extensions["crmlite.config"].busy_seconds
        self.answered = Answered(THREADS, LONGEST_ANSWER + waits)
        self.was_stuck = False

    def notify(self) -> None:
        """Give a sign of life where the keeper looks for it, unless no thread comes back: the process is
        then ended, and another takes its place."""
        now = time.monotonic()
        if not self.answered.is_stuck(now):
            os.utime(self.sign, (now, now))
        elif not self.was_stuck:
            self.was_stuck = True
            self.log.critical("no thread has come back for minutes: another process is to answer")

    def init_signals(self) -> None:
        """Be told by signals, which were held back until there is somebody to tell."""
        super().init_signals()
        let_signals_through()

    def enqueue_req(self, conn: Any) -> None:
        """Have a request answered, as soon as its first byte is there: until then it takes no thread.
        How long it may take is counted anew for each."""
        if not isinstance(conn.sock, Visitor):
            conn.sock = Visitor(fileno=conn.sock.detach())
            conn.close = partial(self.part, conn)
            self._await(conn)
            return
        conn.sock.renew()
        super().enqueue_req(conn)

    def _await(self, conn: Any) -> None:
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def part(self, conn: Any, graceful: bool = False) -> None:
        """Close a connection; one whose client may still be reading when that has closed its end, or
        after a moment. Gunicorn itself would do nothing else meanwhile."""
        if graceful:
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_WR)
                conn.sock.setblocking(False)
                self.poller.register(conn.sock, selectors.EVENT_READ, self.drained)
                self.parting[conn.sock] = time.monotonic() + PARTING_SECONDS
                self.nr_conns += 1
                return
        conn.sock.close()

    def drained(self, client: Visitor) -> None:
        """Take what somebody still sends to whom nobody listens any more."""
        try:
            if client.recv(2**16):
                return
        except BlockingIOError:
            return
        except OSError:
            pass  # it broke off
        self.gone(client)

    def gone(self, client: Visitor) -> None:
        """Close the connection of somebody who has left."""
        del self.parting[client]
        self.poller.unregister(client)
        client.close()
        self.nr_conns -= 1

    def murder_pending(self) -> None:
        """Wait no longer either for those who do not close their end."""
        super().murder_pending()
        now = time.monotonic()
        for client in [one for one, until in self.parting.items() if until <= now]:
            self.gone(client)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer one, whatever its body turns out to be."""
        reader = req.body.reader
        req.body.reader = Body(reader)
        conn.sock.ahead = req.body.reader.ahead
        self.answered.enter(conn.sock)
        try:
            return super().handle_request(req, conn)
        finally:
            self.answered.leave(conn.sock)
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
