"""The keeper: when it takes something for dead, for how long it waits, and how it hears of signals."""

import os
import signal
import tempfile
import threading

import pytest

from crmlite.serving import keeper
from crmlite.serving.keeper import SETTLED, SILENT, WEB, WORKER, Child


@pytest.mark.parametrize(
    ("kind", "longer"),
    [(WORKER, [16, 32, 60, 60]), (WEB, [8, 8, 8, 8])],  # people wait for it
)
def test_what_keeps_dying_is_started_again_less_and_less_often(kind, longer):
    child, pauses = Child(kind, 0, 1), []
    for lived in (1, 1, 1, 1, SETTLED, 1, 1, 1, 1, 1, 1, 1):
        child.since = 1000.0 - lived
        pauses.append(child.note_end(1000.0))
        assert child.due == 1000.0 + pauses[-1]
    assert pauses == [0, 2, 4, 8, 0, 2, 4, 8, *longer]
    child.failures = 5000
    assert child.note_end(1000.0) == longer[-1]


@pytest.mark.parametrize(
    ("kind", "pid", "since", "silent"),
    [
        (WEB, 1, SILENT + 1, True),
        (WEB, 1, SILENT - 1, False),
        (WEB, 0, SILENT + 1, False),  # does not run
        (WORKER, 1, SILENT + 1, False),  # may be at one job for long
    ],
)
def test_a_web_process_without_a_sign_of_life_is_noticed(kind, pid, since, silent):
    with tempfile.TemporaryFile() as sign:
        os.utime(sign.fileno(), (1000.0, 1000.0))
        assert Child(kind, sign.fileno(), pid).is_silent(1000.0 + since) is silent


def test_signals_are_found_also_where_the_system_cannot_wait_for_them():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        assert keeper.awaited_by_looking(0.01) == 0
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        assert keeper.awaited_by_looking(5) == signal.SIGUSR1
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
