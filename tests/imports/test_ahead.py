"""Rows that another process reads are the same, in the same order."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from crmlite.imports import ahead, opening, queries
from crmlite.imports.reading import RowReader
from crmlite.imports.sources.rows import Row
from crmlite.imports.sources.unreadable import Unreadable
from tests.imports.bringing import begun, counts, customers, imported, text

HEAD = "客户名称,联系人,联系方式,签约金额(万元)"
ROWS = [f"第{place}号客户有限公司,王芳{place},1380000{place:04d},{place}" for place in range(25)]


@pytest.fixture
def reader(inside: Flask) -> RowReader:
    return opening.row_reader(queries.load(begun(text(HEAD, *ROWS))))


def rows() -> Iterator[Row]:
    for number, line in enumerate(ROWS, 2):
        yield Row(number, line.split(","))


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("here", [0, 3, 100])
def test_batches_come_in_order_wherever_they_are_read(reader: RowReader, here: int) -> None:
    with ahead.batches(reader, rows(), 3, here=here) as batches:
        found = list(batches)
    assert [len(some) for some in found] == [3] * 8 + [1]
    told = [one for some in found for one in some]
    assert told == ahead.read(reader, list(rows()))
    assert [one.named is not None for one in told] == [True] * 25


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_stops_early_leaves_no_process_behind(reader: RowReader) -> None:
    with ahead.batches(reader, rows(), 3, here=0) as batches:
        next(batches)
        children = _children()
    gone = children - _children()
    assert len(gone) == 1  # what Python itself starts to count semaphores stays


def _children() -> set[str]:
    """The processes that this one has started and that are there."""
    task = f"/proc/self/task/{os.getpid()}/children"
    return set(Path(task).read_text().split())


def test_a_long_file_is_imported_by_both(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "HERE", 4)
    monkeypatch.setattr("crmlite.imports.working.BATCH", 4)
    run = imported(text(HEAD, *ROWS))
    assert counts(run) == (25, 0, 0, 0)
    amounts = sorted(row["signed_amount"] for row in customers().values())
    assert amounts == [place * 1_000_000 for place in range(25)]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("here", [0, 3, 100])
def test_what_stands_before_a_break_is_read(reader: RowReader, here: int) -> None:
    def breaking() -> Iterator[Row]:
        yield from list(rows())[:7]
        raise Unreadable("row_unreadable", row=9)

    found = []
    with ahead.batches(reader, breaking(), 3, here=here) as batches, pytest.raises(Unreadable):
        found.extend(batches)
    assert [len(some) for some in found] == [3, 3, 1]
