"""Several people at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask


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
