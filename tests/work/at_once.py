"""Several people at the same moment."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask
from sqlalchemy import event

from crmlite.extensions import database

WAIT_SECONDS = 0.5  # SQLite lets one writer in at a time: the other never comes


def at_once(app: Flask, work: Callable[[int], Any], threads: int) -> list[BaseException]:
    """Do it in several threads that start together; answers what failed."""
    gate, failed = threading.Barrier(threads), []

    def run(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                work(number)
            except Exception as error:  # noqa: BLE001 - handed on
                failed.append(error)

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return failed


@contextmanager
def meeting_at(app: Flask, statement: str) -> Iterator[None]:
    """Two threads go on with their first statement that begins so at the same moment."""
    gate, met = threading.Barrier(2), threading.local()

    def wait(_connection: Any, _cursor: Any, asked: str, *_more: Any) -> None:
        if asked.startswith(statement) and not getattr(met, "once", False):
            met.once = True
            with suppress(threading.BrokenBarrierError):
                gate.wait(WAIT_SECONDS)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", wait)
