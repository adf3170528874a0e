"""Who uses an instance: many may serve it at once; whoever replaces it must be alone with it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmlite.config import Config


class InstanceInUse(Exception):
    """Somebody else uses the instance in a way that excludes what was asked for."""


@contextmanager
def serving(config: Config) -> Iterator[int]:
    """Use the instance together with others: the web server, a worker. Gives the descriptor that
    holds it.

    The operating system ends the hold with the last process that inherited it, however it dies.
    Raises InstanceInUse while somebody restores it.
    """
    with _held(config, fcntl.LOCK_SH, "is being restored; try again when that is done") as hold:
        yield hold


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Be the only one who uses the instance. Raises InstanceInUse while it is served."""
    with _held(config, fcntl.LOCK_EX, "is being served; stop crmlite first"):
        yield


@contextmanager
def in_turn(config: Config) -> Iterator[None]:
    """Wait until nobody else on this machine is between these lines."""
    handle = os.open(config.instance / "upgrading.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _held(config: Config, how: int, reason: str) -> Iterator[int]:
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_file(config), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstanceInUse(f"The instance {config.instance} {reason}.") from None
        yield handle
    finally:
        os.close(handle)


def _file(config: Config) -> Path:
    return config.instance / "serving.lock"
