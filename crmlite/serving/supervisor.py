"""Serving: the processes part from one that has loaded the application, which then keeps them."""

import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, Self

from flask import Flask
from gunicorn.systemd import sd_notify

from crmlite.jobs.worker import Worker
from crmlite.serving import keeper
from crmlite.serving.memory import fill_gaps, give_back
from crmlite.serving.warming import keep_compiled, warm
from crmlite.serving.web import answer

log = logging.getLogger(__name__)
NICE = 5  # of the worker: who waits for a page comes before what nobody waits for
BARE = ("-P", "-s", "-S")  # of the keeper's interpreter: nothing beside the standard library
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - only signs of life lie in it, in files without a name


@dataclass(frozen=True, slots=True)
class Part:
    """What a process has to do: answer on `listener`, or work. It touches `sign` as a sign of life,
    and ends when the process `parent` is gone."""

    kind: str
    listener: int
    sign: int
    parent: int

    @classmethod
    def read(cls, text: str) -> Self:
        """As the keeper writes it."""
        kind, *numbers = text.split(":")
        return cls(kind, *map(int, numbers))


def serve(app: Flask, listener: int, lock: int, workers: int) -> int:
    """Serve an application on a listening socket until SIGTERM or SIGINT; answers the exit code,
    unless the process becomes the keeper, which ends with it.

    `listener` and `lock` are the descriptors of the socket and of the hold on the instance,
    `workers` is the number of web processes. The processes part after the application is made and
    warm, so that they share its memory.
    """
    give_back()
    warm(app)
    gc.collect()
    fill_gaps()
    gc.freeze()  # what is shared is not to be touched by every process's collector
    keeper.hold_signals_back()
    kinds = [*[keeper.WEB] * workers, keeper.WORKER]
    children = [_part(app, kind, listener) for kind in kinds]
    sd_notify("READY=1", log)
    return _keep(listener, lock, children)


def take_over(app: Flask, part: str) -> NoReturn:
    """Be the process that one has left open by ending: what the keeper starts. People may be waiting
    for it, and so it makes no page beforehand."""
    give_back()
    keep_compiled(app)
    _end_after(lambda: _play(app, Part.read(part)))


def _part(app: Flask, kind: str, listener: int) -> tuple[str, int, int]:
    """Make a process that does a part, as the keeper knows it: its kind, sign and number."""
    part = Part(kind, listener, _sign(), os.getpid())
    _flush()
    pid = os.fork()
    if not pid:
        _end_after(lambda: _play(app, part))
    return kind, part.sign, pid


def _keep(listener: int, lock: int, children: list[tuple[str, int, int]]) -> int:
    """Become the keeper."""
    loud = logging.getLogger("crmlite").isEnabledFor(logging.ERROR)
    words = [
        *(str(listener), str(int(loud))),
        *(f"{kind}:{sign}:{pid}" for kind, sign, pid in children),
        *("--", sys.executable, *sys.orig_argv[1:]),
    ]
    for number in (listener, lock, *(sign for _kind, sign, _pid in children)):
        os.set_inheritable(number, True)
    _flush()
    with suppress(OSError):  # without an interpreter it is kept from here, in more memory
        command = [sys.executable, *BARE, keeper.__file__, *words]
        os.execv(sys.executable, command)  # noqa: S606 - ours, and without a shell
    return keeper.Keeper(words).run()


def _sign() -> int:
    """A file without a name, just touched."""
    number, name = tempfile.mkstemp(
        prefix="crmlite-", dir=MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None
    )
    os.unlink(name)  # noqa: PTH108
    now = time.monotonic()
    os.utime(number, (now, now))
    return number


def _end_after(then: Callable[[], None]) -> NoReturn:
    """Do what a process is there for, and end without returning into what made it."""
    code = 1
    try:
        then()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        log.exception("the process ends")
    finally:
        _flush()
        os._exit(code)


def _play(app: Flask, part: Part) -> None:
    os.setpgid(0, 0)  # Ctrl+C is for the keeper, which stops everyone in order
    if part.kind == keeper.WEB:
        answer(app, part.listener, part.sign, part.parent)
        return
    os.close(part.listener)
    os.nice(NICE)
    keeper.let_signals_through()
    Worker(app, parent=part.parent).run()


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
