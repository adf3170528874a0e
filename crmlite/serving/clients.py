"""Clients that are slow, silent, or send what is no request: nobody is waited for for ever."""

import errno
import fcntl
import select
import socket
import sys
import termios
import time
from typing import Any

from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import ClientDisconnected

PATIENCE_SECONDS = 20.0  # that a client is waited for altogether
LEAST_BYTES = 2000  # for each so many of which it is a second more again, up to that


class Visitor(socket.socket):
    """A connection that counts as closed when its client takes too long to send what it sends, or to
    take what it is sent.

    Each request takes a thread from its first byte to the last one of its answer, and there are few:
    a handful of clients that send a byte now and then, or read nothing, would keep everybody else
    out.
    """

    ahead = 0  # bytes of the body that came together with the head
    moved_at = 0.0  # when something was last taken from it or sent to it

    def has_come(self, length: int) -> bool:
        """Whether a body of so many bytes is here, and nobody waits for any of it."""
        waiting = fcntl.ioctl(self, termios.FIONREAD, bytes(4))
        return self.ahead + int.from_bytes(waiting, sys.byteorder) >= length

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
        self.moved_at = time.monotonic()
        self.left[event] = min(PATIENCE_SECONDS, self.left[event] + number / LEAST_BYTES)


class Answered:
    """Who is being answered just now, by so many threads.

    None of them may come back: a page of a pack that loops for ever keeps its thread, and once all are
    kept nobody is answered any more, though the process lives. A long upload or download is none of
    these: something moves, or else the client is not waited for.
    """

    def __init__(self, threads: int, longest: float) -> None:
        self.threads, self.longest = threads, longest
        self._now: set[Visitor] = set()

    def enter(self, client: Visitor) -> None:
        """A thread begins with the request of a client."""
        client.moved_at = time.monotonic()
        self._now.add(client)

    def leave(self, client: Visitor) -> None:
        """It is free again."""
        self._now.discard(client)

    def is_stuck(self, now: float) -> bool:
        """Whether every thread has been at one request for so many seconds, without hearing or sending
        anything."""
        clients = list(self._now)
        return len(clients) >= self.threads and all(
            now - one.moved_at > self.longest for one in clients
        )


class Body:
    """What a client sends, of which the application hears no more than that it was cut off: what is
    no body is nobody's mistake but the client's."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    @property
    def ahead(self) -> int:
        """How much of it was taken from the line together with the head."""
        unreader = getattr(self.reader, "unreader", None)  # of what tells its length
        return len(unreader.buf.getvalue()) if unreader is not None else 0

    def read(self, size: int) -> bytes:
        """The next bytes. Raises ClientDisconnected, which is answered by 400."""
        try:
            return bytes(self.reader.read(size))
        except (ParseException, NoMoreData) as error:
            raise ClientDisconnected from error
