"""The web server: gunicorn, set up so that it tells no one's secrets and leaves nobody waiting."""

import errno
import logging
import os
import select
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
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
PATIENCE_SECONDS = 20.0  # that a client is waited for altogether
LEAST_BYTES = 2000  # for each so many of which it is a second more again, up to that
PARTING_SECONDS = 2.0  # that a client has to close its end, too
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
            "sendfile": False,  # it would wait for who reads nothing
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
    """A connection that counts as closed when its client takes too long to send what it sends, or to
    take what it is sent.

    Each request takes a thread from its first byte to the last one of its answer, and there are few:
    a handful of clients that send a byte now and then, or read nothing, would keep everybody else
    out.
    """

    def renew(self) -> None:
        """Have all the patience again, for another request."""
        self.left = dict.fromkeys((select.POLLIN, select.POLLOUT), PATIENCE_SECONDS)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What has come; nothing, as from somebody who is gone, when that takes too long."""
        if self.gettimeout() == 0:
            return super().recv(size, flags)
        if not self._waited(select.POLLIN):
            if self.left[select.POLLIN]:
                raise TimeoutError
            return b""
        found = super().recv(size, flags)
        self._moved(select.POLLIN, len(found))
        return found

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all of it. Raises ConnectionResetError when the client takes too long."""
        rest = memoryview(data).cast("B")
        while rest:
            if not self._waited(select.POLLOUT):
                raise ConnectionResetError(errno.ECONNRESET, "it takes too long to read")
            sent = self.send(rest, flags | socket.MSG_DONTWAIT)
            rest = rest[sent:]
            self._moved(select.POLLOUT, sent)

    def _waited(self, event: int) -> bool:
        """Wait until something has come or can be sent; whether it did before the patience ended, or
        the time that the server has set itself."""
        began, patience = time.monotonic(), self.left[event]
        limit = min(patience, patience if (own := self.gettimeout()) is None else own)
        waiting = select.poll()
        waiting.register(self, event)
        ready = patience > 0 and bool(waiting.poll(limit * 1000))
        spent = time.monotonic() - began
        self.left[event] = max(patience - spent, 0.0) if ready or limit < patience else 0.0
        return ready

    def _moved(self, event: int, number: int) -> None:
        self.left[event] = min(PATIENCE_SECONDS, self.left[event] + number / LEAST_BYTES)


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

    def init_process(self) -> None:
        """Nobody is leaving yet."""
        self.parting: dict[Visitor, float] = {}
        super().init_process()

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
