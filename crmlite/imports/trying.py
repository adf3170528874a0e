"""What would become of a file, without an import: nothing is written anywhere."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crmlite import clock
from crmlite.imports import ahead, opening, uploads
from crmlite.imports.models import (
    CHECKING,
    CREATED,
    CUSTOMERS,
    DUPLICATE,
    FAILED,
    UPDATED,
)
from crmlite.imports.operations.batches import COUNTS, told_of
from crmlite.imports.operations.runs import Options
from crmlite.imports.sources import looking
from crmlite.imports.sources.rows import Row
from crmlite.imports.wording import MOST_ERRORS, rows_reported
from crmlite.imports.working import batch_size, judge_of, memory_of


def try_out(
    file: Path, options: Options, encoding: str | None = None, about: str = CUSTOMERS
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures that an import of a file would have, and the first rows that it would hold back.
    Raises Unreadable."""
    with uploads.scratch() as scratch:
        layout = looking.look(lambda: file.open("rb"), scratch, encoding=encoding)
        first = opening.beginning_of(_rows(file, layout, scratch), about=about)
        run = {
            "target": about,
            "state": CHECKING,
            "layout": asdict(layout),
            "sheet": 0,
            "heading_row": first.heading_row,
            "position": 0,
            "created_at": clock.now(),
            "user_id": None,
            "columns": opening.remembered_or_guessed(first, about),
            "options": asdict(options),
        }
        counts: Counter[str] = Counter()
        errors: list[dict[str, Any]] = []
        held: list[dict[str, Any]] = []
        rows = opening.left(run, _rows(file, layout, scratch))
        with (
            closing(memory_of(run)) as earlier,
            ahead.batches(opening.row_reader(run), rows, batch_size(about)) as batches,
        ):
            for verdict in _judged(judge_of(run, earlier), batches):
                counts[COUNTS[verdict.fate]] += 1
                row = {"number": verdict.told.row, "fate": verdict.fate}
                if verdict.doubts and len(errors) < MOST_ERRORS:
                    errors += rows_reported([{**row, **told_of(verdict)}])
                if verdict.fate == DUPLICATE and len(held) < MOST_ERRORS:
                    held.append({**row, **told_of(verdict), "customer_id": verdict.customer_id})
    figures = {COUNTS[fate]: counts[COUNTS[fate]] for fate in (CREATED, UPDATED, DUPLICATE, FAILED)}
    told = {"errors": errors[:MOST_ERRORS], "import": None}
    return {"rows": sum(figures.values()), **figures, **told}, held


def _judged(judge: Any, batches: Iterable[list[Any]]) -> Iterator[Any]:
    for some in batches:
        yield from judge.judge(some)
        judge.earlier.keep()


def _rows(file: Path, layout: looking.Layout, scratch: Path) -> Iterator[Row]:
    return looking.rows(lambda: file.open("rb"), layout, scratch)
