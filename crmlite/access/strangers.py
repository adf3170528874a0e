"""What those send who are not signed in: taken in by a few threads at most, and within seconds.

A proxy may hand requests on as slowly as they come. Whoever sends a byte now and then would hold a
thread for as long as they like, and eight of them all threads of a web process. What is here as a
whole is waited for by nobody: who signs in does not stand behind those who dawdle.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import abort, request

from crmlite.networks import network

AT_ONCE = 4  # the other threads stay for those who work
OF_ONE = 2  # of these for one network
PATIENCE = 20.0  # seconds; a sign-in is there at once, also over a bad line


class Places:
    """Where strangers are waited for, by the networks that they come from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: list[str] = []

    def take(self, place: str) -> bool:
        """Take one for somebody of a network, if there is one for them."""
        with self._lock:
            if len(self._taken) >= AT_ONCE or self._taken.count(place) >= OF_ONE:
                return False
            self._taken.append(place)
            return True

    def leave(self, place: str) -> None:
        """Let others have it."""
        with self._lock:
            self._taken.remove(place)


PLACES = Places()


def take_in() -> None:
    """Read the body of a request, or answer 503 when others are being waited for already."""
    sent_by, place = request.environ.get("gunicorn.socket"), network(request.remote_addr)
    if _has_come(sent_by):
        request.get_data(parse_form_data=True)
        return
    if not PLACES.take(place):
        _stop_listening(sent_by)
        abort(503)
    try:
        with _within(PATIENCE, sent_by):
            request.get_data(parse_form_data=True)
    finally:
        PLACES.leave(place)


def _has_come(sent_by: Any) -> bool:
    """Whether all of the body is here."""
    length = request.content_length
    return sent_by is not None and length is not None and bool(sent_by.has_come(length))


@contextmanager
def _within(seconds: float, sent_by: Any) -> Iterator[None]:
    """After so many seconds it looks as if the other side had hung up."""
    timer = threading.Timer(seconds, _stop_listening, [sent_by])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _stop_listening(sent_by: Any) -> None:
    """Hear nothing more of a connection: the answer still goes out, and nobody waits for the rest."""
    if sent_by is not None:
        with suppress(OSError):
            sent_by.shutdown(socket.SHUT_RD)
