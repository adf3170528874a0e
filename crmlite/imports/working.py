"""The work on an import: all its rows looked at, written, or what was written taken back."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.accounts.queries import reader_of
from crmlite.db.sealing import SealBroken
from crmlite.extensions import database
from crmlite.imports import ahead, opening, queries
from crmlite.imports.drafting import Drafter
from crmlite.imports.judging import Judge
from crmlite.imports.models import BROKEN, CHECKED, CHECKING, IMPORTED, IMPORTING, UNDOING, UNDONE
from crmlite.imports.operations import runs
from crmlite.imports.operations.batches import COUNTS, Batch, check_batch, import_batch
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.rules.problems import Problem
from crmlite.settings.queries import local_day
from crmlite.work import Actor, Refused, undo
from crmlite.work.ledger import ActorRow
from crmlite.work.record_types import record_types

BATCH = 200
BREATH = 0.004  # seconds in which others may write
Run = Mapping[str, Any]
Told = Callable[[Run], None]


def nothing(_run: Run) -> None:
    """Tell nobody."""


def check(
    payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any, told: Told = nothing
) -> None:
    """Look at all rows of an import."""
    _through(payload["import"], CHECKING, CHECKED, check_batch, lease, told)


def carry_out(
    payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any, told: Told = nothing
) -> None:
    """Write the rows of an import, from where it stands."""
    _through(payload["import"], IMPORTING, IMPORTED, import_batch, lease, told)


def take_back(
    payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any, told: Told = nothing
) -> None:
    """Take back what an import did, except where people worked on since."""
    run = queries.find(payload["import"])
    if run is None or run["state"] != UNDOING:
        return
    who = _actor(run)
    kept = set(run["kept"] or ())
    try:
        undone = undo(
            run["operation_id"], by=who, at=clock.now(), source="import", between=lease.renew
        )
        kept |= set(_customers(undone.kept))
    except Refused:
        pass  # a run before this one took back all there was
    kept |= queries.still_there(run["id"])
    runs.finish(run["id"], UNDONE, kept=sorted(kept) or None, by=who, at=clock.now())


def _customers(kept: Iterable[tuple[str, int]]) -> Iterator[int]:
    """The customers that records are, or hang on."""
    for name, record_id in kept:
        kind = record_types()[name]
        root, column = kind.root
        if root == "customer":
            wanted = select(kind.table.c[column]).where(kind.table.c.id == record_id)
            if (found := database.session.execute(wanted).scalar()) is not None:
                yield found


def _through(
    import_id: int,
    state: str,
    end: str,
    write: Callable[..., Mapping[str, int]],
    lease: Any,
    told: Told,
) -> None:
    run = queries.find(import_id)
    if run is None or run["state"] != state:
        return  # stopped, or done by another run of this job
    who = _actor(run)
    judge = judge_of(run)
    end_values: dict[str, Any] = {}
    position, first = run["position"], run["operation_id"]
    try:
        with (
            opening.opened(run) as rows,
            ahead.batches(opening.row_reader(run), opening.left(run, rows), BATCH) as batches,
        ):
            for some in batches:
                done = write(
                    Batch(import_id, position, some, lease.renew),
                    judge,
                    by=who,
                    at=clock.now(),
                    source="import",
                    part_of=first,
                )
                first = first or done.get("operation")
                position = some[-1].row
                told(queries.load(import_id))
                time.sleep(BREATH)
    except (Unreadable, SealBroken, FileNotFoundError) as error:
        end, end_values = BROKEN, {"problem": _problem(error)}
    finally:
        judge.earlier.close()
    if end == CHECKED:
        run = queries.load(import_id)
        end_values["total"] = sum(run[name] for name in set(COUNTS.values()))
    runs.finish(import_id, end, by=who, at=clock.now(), **end_values)


def _problem(error: Exception) -> dict[str, Any]:
    problem = error.problem if isinstance(error, Unreadable) else Problem("file_gone")
    params = {name: str(value) for name, value in problem.params.items()}
    return {"code": problem.code, "params": params}


def judge_of(run: Run) -> Judge:
    """What judges the rows of an import."""
    reader = reader_for(run)
    options = run["options"]
    headings = {column["target"]: column["heading"] for column in reversed(run["columns"])}
    drafter = Drafter(
        reader=reader,
        headings=headings,
        owner_id=options.get("owner_id"),
        today=local_day(run["created_at"]),
    )
    return Judge(drafter=drafter, reader=reader, on_duplicate=options["on_duplicate"])


def reader_for(run: Run) -> Reader:
    """Who imports, with the rights they have now. Raises Refused (`import-nobody`) when they may
    sign in no more."""
    if run["user_id"] is None:
        return everything()
    found = reader_of(run["user_id"])
    if found is None:
        raise Refused("import-nobody")
    return found


def _actor(run: Run) -> Actor:
    table = ActorRow.__table__
    row = database.session.execute(select(table).where(table.c.id == run["actor_id"])).one()
    return Actor(row.kind, row.name, row.user_id, row.id)
