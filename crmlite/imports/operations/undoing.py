"""An import taken back: asked for by people, done in the background, except where people worked on
since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.imports import queries
from crmlite.imports.models import BROKEN, CUSTOMERS, IMPORTED, IMPORTING, ORDERS, UNDOING, UNDONE
from crmlite.imports.objects.targets import is_about_objects
from crmlite.imports.operations.runs import TAKE_BACK, ask, step
from crmlite.imports.working import Interrupted, Run, Told, actor_of, ending, finish, nothing
from crmlite.work import Actor, Refused, operation, standing, undo
from crmlite.work.actors import actor_for
from crmlite.work.record_types import record_types
from crmlite.work.undoing import NOTHING_LEFT


@operation("import_undone")
def take_back(import_id: int, *, by: Actor, at: datetime) -> int:
    """Have everything that an import did taken back, also while it is at work; answers the job's id,
    0 where it did nothing. Raises Refused."""
    run = queries.load(import_id)
    step(import_id, (IMPORTED, BROKEN, IMPORTING, UNDONE), UNDOING, finished_at=None, kept=None)
    if run["operation_id"] is None:
        step(import_id, (UNDOING,), UNDONE, finished_at=at)
        return 0
    return ask(TAKE_BACK, import_id, by=actor_for(by).id)


@operation("import_kept", traced=False)
def note_kept(import_id: int, kept: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Note the customers that are kept so far while an import is taken back. Raises Refused."""
    step(import_id, (UNDOING,), UNDOING, kept=list(kept))


def carry_out_undo(
    payload: Mapping[str, Any], *, by: Actor, at: Any, lease: Any, told: Told = nothing
) -> None:
    """Take back what an import did, as who asked for it, except where people worked on since."""
    run = queries.find(payload["import"])
    if run is None or run["state"] != UNDOING:
        return
    who = actor_of(payload["by"])
    kept = set(run["kept"] or ())

    def between(left_alone: Iterable[tuple[str, int]]) -> None:
        lease.renew()
        if more := set(_kept(run, left_alone)) - kept:
            kept.update(more)
            note_kept(run["id"], sorted(kept), by=who, at=clock.now())

    with ending(run, lease, who):
        what = standing(run["operation_id"])
        try:
            if what is not None:
                undone = undo(what, by=who, at=clock.now(), source="import", between=between)
                if undone.hindered:
                    raise Interrupted(undone.hindered)
        except Refused as refusal:
            if refusal.code not in NOTHING_LEFT:
                raise
        if run["target"] == ORDERS:
            there = queries.orders_still_there(run["id"])
        elif is_about_objects(run["target"]):
            there = queries.objects_still_there(run["id"])
        else:
            there = queries.not_deleted(kept) | queries.still_there(run["id"])
        finish(run, UNDONE, who, kept=sorted(there) or None)


def _kept(run: Run, left_alone: Iterable[tuple[str, int]]) -> Iterable[int]:
    """Whom an undo kept because people worked on them since. Of orders and records the book tells at
    the end."""
    return _customers(left_alone) if run["target"] == CUSTOMERS else ()


def _customers(kept: Iterable[tuple[str, int]]) -> Iterator[int]:
    """The customers that records are, or hang on."""
    for name, record_id in kept:
        kind = record_types()[name]
        root, column = kind.root
        if root == "customer":
            wanted = select(kind.table.c[column]).where(kind.table.c.id == record_id)
            if (found := database.session.execute(wanted).scalar()) is not None:
                yield found
