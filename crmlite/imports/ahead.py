"""Reading ahead: while a batch of rows is written, a process of its own reads the next ones and works
out what follows from their names. That is the half of the work that asks no database."""

import ctypes
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from crmlite.imports.orders.reading import OrderReader
from crmlite.imports.reading import RowReader
from crmlite.imports.sources.rows import Row
from crmlite.imports.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

HERE = 2000  # rows that are read here: a process of its own takes a second to start
AHEAD = 3  # batches
MEMORY = 1 << 30
NICE = 5  # people come first
PR_SET_PDEATHSIG = 1  # of prctl(2)
LONGEST = 4000  # rows of a batch whose rows belong together

Reader = RowReader | OrderReader
_reader: Reader | None = None


@contextmanager
def batches(
    reader: Reader, rows: Iterator[Row], size: int, *, here: int | None = None
) -> Iterator[Iterator[list[Any]]]:
    """What rows say, so many at a time, in order; rows that belong together come together."""
    pool: list[ProcessPoolExecutor] = []
    try:
        yield _batches(reader, rows, size, HERE if here is None else here, pool)
    finally:
        for one in pool:
            one.shutdown(wait=True, cancel_futures=True)


def _batches(
    reader: Reader, rows: Iterator[Row], size: int, here: int, pool: "list[ProcessPoolExecutor]"
) -> Iterator[list[Any]]:
    pieces = _in_pieces(reader, rows, size)
    for some in islice(pieces, -(-here // size)):
        yield read(reader, some)
    yield from _by_another(reader, pieces, pool)


def _in_pieces(reader: Reader, rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """So many rows at a time, and those that belong to the last one; where the file breaks off, first
    those before that."""
    some: list[Row] = []
    try:
        for row in rows:
            if len(some) >= size and not (
                len(some) < LONGEST and reader.belongs(some[-1].cells, row.cells)
            ):
                yield some
                some = []
            some.append(row)
    except Unreadable:
        if some:
            yield some
        raise
    if some:
        yield some


def _by_another(
    reader: Reader, pieces: Iterator[list[Row]], pool: "list[ProcessPoolExecutor]"
) -> Iterator[list[Any]]:
    waiting: deque[Future[list[Any]]] = deque()
    broken: Unreadable | None = None
    while True:
        while len(waiting) < AHEAD and broken is None:
            try:
                some = next(pieces, None)
            except Unreadable as error:
                broken = error
                break
            if some is None:
                break
            if not pool:
                from concurrent.futures import ProcessPoolExecutor
                from multiprocessing import get_context

                context = get_context("spawn")  # a fork would inherit the open database
                pool.append(ProcessPoolExecutor(1, context, initializer=_begin, initargs=(reader,)))
            waiting.append(pool[0].submit(_read, some))
        if not waiting:
            if broken is not None:
                raise broken
            return
        yield waiting.popleft().result()


def read(reader: Reader, rows: Sequence[Row]) -> list[Any]:
    """What rows say."""
    return [reader.tell(row.number, row.cells) for row in rows]


def _begin(reader: Reader) -> None:
    global _reader  # noqa: PLW0603 - the one thing that this process is for
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(NICE)
    _end_with_parent()
    _reader = reader


def _end_with_parent() -> None:
    """End when who started this is killed: nobody else would ever tell it to."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _read(rows: Sequence[Row]) -> list[Any]:
    assert _reader is not None
    return read(_reader, rows)
