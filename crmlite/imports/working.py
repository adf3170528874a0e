"""The work on an import: all its rows looked at or written, from where it was if it was cut short; how
far it is, is noted with each batch in `operations/batches.py`. What was written is taken back in
`operations/undoing.py`."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.accounts.queries import reader_of
from crmlite.db.sealing import SealBroken
from crmlite.extensions import database
from crmlite.imports import ahead, opening, queries
from crmlite.imports.drafting import Drafter, people_by_name
from crmlite.imports.judging import Earlier, Judge
from crmlite.imports.models import (
    BROKEN,
    CHECKED,
    CHECKING,
    CUSTOMERS,
    IMPORTED,
    IMPORTING,
    ORDERS,
)
from crmlite.imports.objects.judging import ObjectJudge
from crmlite.imports.objects.targets import is_about_objects
from crmlite.imports.operations import runs
from crmlite.imports.operations.batches import COUNTS, Batch, check_batch, import_batch
from crmlite.imports.operations.objects import import_objects
from crmlite.imports.operations.orders import import_orders
from crmlite.imports.orders.judging import OrderJudge
from crmlite.imports.orders.met import Memory
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.imports.wording import MESSAGES
from crmlite.jobs.queue import LeaseLost
from crmlite.settings.queries import local_day
from crmlite.work import Actor, Gone, Refused
from crmlite.work.epoch import look_again
from crmlite.work.ledger import ActorRow

log = logging.getLogger(__name__)

BATCH = 200
SIZES = {ORDERS: 400}  # many rows are one order
BREATH = 0.004  # seconds in which others may write
Run = Mapping[str, Any]
Told = Callable[[Run], None]


class Interrupted(Exception):
    """Others were writing, or the disk was full, in the middle of it: it is gone on with later."""


def nothing(_run: Run) -> None:
    """Tell nobody."""


def batch_size(about: str) -> int:
    """How many rows are looked at, and written, together: what repeats or takes back what is in the
    same batch is judged by all of it, so that a trial needs batches of the same size."""
    return SIZES.get(about, BATCH)


def check(
    payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any, told: Told = nothing
) -> None:
    """Look at all rows of an import."""
    _through(payload["import"], CHECKING, CHECKED, check_batch, lease, told)


def carry_out(
    payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any, told: Told = nothing
) -> None:
    """Write the rows of an import, from where it stands."""
    run = queries.find(payload["import"])
    write = _writer(run["target"]) if run is not None else import_batch
    _through(payload["import"], IMPORTING, IMPORTED, write, lease, told)


def _writer(about: str) -> Callable[..., Mapping[str, int]]:
    """What writes a batch of rows."""
    if is_about_objects(about):
        return import_objects
    return import_orders if about == ORDERS else import_batch


def forget(payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any) -> None:
    """Take away what was noted about the rows of a file that was thrown away."""
    while runs.clear(payload["import"], by=by, at=clock.now()):
        lease.renew()
    runs.forget(payload["import"], by=by, at=clock.now())


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
        return  # it is being taken back, or was done by another run of this job
    who = actor_of(run["actor_id"])
    with ending(run, lease, who):
        if state == CHECKING and run["position"]:
            # What rows before repeat is nowhere in the book: it must be read again.
            runs.check_anew(import_id, by=who, at=clock.now())
            run = queries.load(import_id)
        with closing(memory_of(run)) as earlier:
            _write_rows(run, earlier, write, lease, told, who)
        _clear_rest(run, lease, who)
        finish(run, end, who, **_totals(import_id, end))


def _write_rows(
    run: Run,
    earlier: Earlier | Memory,
    write: Callable[..., Mapping[str, int]],
    lease: Any,
    told: Told,
    who: Actor,
) -> None:
    position, first = run["position"], run["operation_id"]
    judge = judge_of(run, earlier)
    size = batch_size(run["target"])
    with (
        opening.opened(run) as rows,
        ahead.batches(opening.row_reader(run), opening.left(run, rows), size) as batches,
    ):
        lease.renew()  # to unpack a spreadsheet takes its time
        for some in batches:
            if look_again():
                judge = judge_of(run, earlier)  # what who imports may do, and which tags there are
            batch = Batch(run["id"], run["state"], position, some, lease.renew)
            done = write(batch, judge, by=who, at=clock.now(), source="import", part_of=first)
            earlier.keep()
            first = first or done.get("operation")
            position = some[-1].row
            told(queries.load(run["id"]))
            time.sleep(BREATH)


@contextmanager
def ending(run: Run, lease: Any, who: Actor) -> Iterator[None]:
    """Say of an import that it ended early, where it cannot go on: at once where trying again would
    not help, else with the last try."""
    try:
        yield
    except LeaseLost:
        raise
    except Gone:
        return  # it was thrown away meanwhile
    except (Unreadable, SealBroken, Refused) as error:
        log.warning("an import ends early", extra={"import": run["id"]}, exc_info=error)
        _clear_rest(run, lease, who)
        finish(run, BROKEN, who, problem=_problem(run, error))
    except Exception:
        if lease.is_last:
            _clear_rest(run, lease, who)
            finish(run, BROKEN, who, problem=_problem(run))
        raise


def _clear_rest(run: Run, lease: Any, who: Actor) -> None:
    """Forget what an earlier pass over the file noted about rows that this one did not come to."""
    position = queries.load(run["id"])["position"]
    while runs.clear(run["id"], after=position, by=who, at=clock.now()):
        lease.renew()


def finish(run: Run, end: str, who: Actor, **values: Any) -> None:
    """Say that the work on an import is done, unless its state is not what it was."""
    with suppress(Refused):  # somebody has it taken back by now
        runs.finish(run["id"], run["state"], end, by=who, at=clock.now(), **values)


def _totals(import_id: int, end: str) -> dict[str, int]:
    """How many rows there are, which a check finds out."""
    run = queries.load(import_id)
    return {"total": sum(run[name] for name in set(COUNTS.values()))} if end == CHECKED else {}


def _problem(run: Run, error: Exception | None = None) -> dict[str, Any]:
    """What went wrong, and during what: going on goes on with that."""
    if error is None:
        code, params = "import_failed", {}
    elif isinstance(error, Unreadable):
        code, params = error.problem.code, error.problem.params
    elif isinstance(error, Refused):
        code, params = error.code, error.params
    else:
        code, params = "file_gone", {}
    if code not in MESSAGES:
        code, params = "import_failed", {}
    told = {name: str(value) for name, value in params.items()}
    return {"code": code, "params": told, "during": run["state"]}


def memory_of(run: Run) -> Earlier | Memory:
    """What remembers the rows of an import so far."""
    return Earlier() if run["target"] == CUSTOMERS else Memory()


def judge_of(run: Run, earlier: Any) -> Judge | OrderJudge | ObjectJudge:
    """What judges the rows of an import, with the rights that who imports has now. Raises Refused
    (`import-nobody`)."""
    reader = reader_for(run)
    options = run["options"]
    headings = {column["target"]: column["heading"] for column in reversed(run["columns"])}
    if is_about_objects(run["target"]):
        return ObjectJudge(
            reader=reader,
            about=run["target"],
            headings=headings,
            on_duplicate=options["on_duplicate"],
            earlier=earlier,
        )
    drafter = Drafter(
        reader=reader,
        headings=headings,
        owner_id=options.get("owner_id"),
        today=local_day(run["created_at"]),
    )
    if run["target"] == ORDERS:
        return OrderJudge(
            reader=reader,
            drafter=drafter,
            headings=headings,
            people=people_by_name(),
            on_duplicate=options["on_duplicate"],
            customers=options["unknown_customers"],
            products=options["unknown_products"],
            ours=partial(queries.ours, run["id"]) if run["state"] == IMPORTING else None,
            earlier=earlier,
            today=local_day(run["created_at"]),
        )
    return Judge(
        drafter=drafter, reader=reader, on_duplicate=options["on_duplicate"], earlier=earlier
    )


def reader_for(run: Run) -> Reader:
    """Who imports, with the rights they have now. Raises Refused (`import-nobody`) when they may
    sign in, or import, no more."""
    if run["user_id"] is None:
        return everything()
    found = reader_of(run["user_id"])
    if found is None or not found.may("customers:import"):
        raise Refused("import-nobody")
    return found


def actor_of(actor_id: int) -> Actor:
    """Who asked for the work."""
    table = ActorRow.__table__
    row = database.session.execute(select(table).where(table.c.id == actor_id)).one()
    return Actor(row.kind, row.name, row.user_id, row.id)
