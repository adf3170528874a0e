"""Brings files into a book as tests need them."""

import io
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.imports import queries
from crmlite.imports.models import CUSTOMERS
from crmlite.imports.operations import runs, undoing
from crmlite.jobs import queue, signs
from crmlite.jobs.running import do
from crmlite.work import Actor
from crmlite.work.actors import command_line

SHEET = ("customer_sheet", "customers.utf8bom.csv")


def text(*lines: str) -> bytes:
    """A file of these lines."""
    return "\r\n".join(lines).encode("utf-8-sig")


def begun(
    content: bytes,
    name: str = "file.csv",
    *,
    by: Actor | None = None,
    about: str = CUSTOMERS,
    **options: Any,
) -> int:
    """An import of a file that nobody has started yet."""
    brought = runs.keep_file(io.BytesIO(content), name, about=about)
    who = by or command_line()
    return int(runs.bring(brought, runs.Options(**options), by=who, at=clock.now()))


def imported(content: bytes, name: str = "file.csv", **options: Any) -> Mapping[str, Any]:
    """An import at its end."""
    import_id = begun(content, name, **options)
    runs.start(import_id, by=command_line(), at=clock.now())
    return finished(import_id)


def finished(import_id: int) -> Mapping[str, Any]:
    """Do what an import waits for, as a worker does; answers how it stands then."""
    work_off(queries.load(import_id)["job_id"])
    return queries.load(import_id)


def work_off(job_id: int) -> None:
    """Do a job, as a worker does."""
    claimed = queue.claim(signs.Identity.new(clock.now()).owner, clock.now(), only=job_id)
    assert claimed is not None
    assert do(claimed)


def taken_back(import_id: int) -> Mapping[str, Any]:
    """An import that was undone."""
    if not undoing.take_back(import_id, by=command_line(), at=clock.now()):
        return queries.load(import_id)
    return finished(import_id)


def counts(run: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Created, updated, held back, failed."""
    return run["created"], run["updated"], run["duplicates"], run["failed"]


def customers(state: str = "active") -> dict[str, Any]:
    """The customers of the book by number."""
    table = Customer.__table__
    rows = database.session.execute(select(table).where(table.c.state == state)).mappings()
    return {row["number"]: row for row in rows}


def said(run: Mapping[str, Any]) -> dict[int, list[str]]:
    """The codes of what is said about each row."""
    return {
        row["number"]: [doubt["code"] for doubt in row["doubts"]]
        for row in queries.each_noted(run["id"])
    }
