"""What those send who are not signed in: taken in by a few threads at most, and within seconds.

A proxy may hand requests on as slowly as they come. Whoever sends a byte now and then would hold a
thread for as long as they like, and eight of them all threads of a web process.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import abort, request

AT_ONCE = 4  # the other threads stay for those who work
PATIENCE = 20.0  # seconds; a sign-in is there at once, also over a bad line

_places = threading.BoundedSemaphore(AT_ONCE)


def take_in() -> None:
    """Read the body of a request, or answer 503 when others are being waited for already."""
    sent_by = request.environ.get("gunicorn.socket")
    if not _places.acquire(blocking=False):
        _stop_listening(sent_by)
        abort(503)
    try:
        with _within(PATIENCE, sent_by):
            request.get_data(parse_form_data=True)
    finally:
        _places.release()


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
