"""Signals that come while a process parts from the supervisor."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


@contextmanager
def stops_held() -> Iterator[None]:
    """Keep signals that stop a process waiting.

    A new process begins with the supervisor's handlers, which would only put the signal into a list
    that nobody in it reads: told to stop in that moment, it would go on until it is killed.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_stops_in() -> None:
    """In the new process: whoever was told to stop meanwhile ends here, having done nothing."""
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
