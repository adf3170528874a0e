"""Handing over: what there is to move is noted first, then moved in short batches, all of them parts of
that note, so that one undo takes the whole back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from crmlite import clock
from crmlite.accounts.queries import is_here
from crmlite.cases.models import Improvement
from crmlite.cases.operations import assign, join, leave
from crmlite.customers.following import follow
from crmlite.customers.models import Customer
from crmlite.db.engines import is_busy
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import changed
from crmlite.handover.finding import CASES, MEMBERS, TASKS, counts_of, ids_of, shares, theirs
from crmlite.handover.models import Handover
from crmlite.jobs import Lease, enqueue
from crmlite.jobs.running import JobFailed, do_now
from crmlite.notifications import Notice
from crmlite.notifications.operations import notify
from crmlite.rules.handover import WAYS, dealt
from crmlite.wording import N_
from crmlite.work import Actor, Refused, current, operation, records, tell

KIND, NOTICE = "hand-over", "handed-over"
AT_ONCE = 300  # things that are moved while somebody waits
BATCH = 200
FEW = 25  # cases of a batch: each tells people
NOBODY_LEFT = N_(
    "None of those who were to take it over signs in any more. Hand over to somebody else what is left."
)
TABLE = Handover.__table__

Row = Mapping[str, Any]


def hand_over(
    user_id: int,
    receivers: Sequence[int],
    way: str,
    *,
    by: Actor,
    at: datetime,
    form_key: str | None = None,
) -> int:
    """Hand over all that somebody has; answers the id of the hand-over. Much of it is moved in the
    background, and what is left of it where something got in the way. Raises Refused
    (`handover-to-nobody`, `handover-nothing`)."""
    made = _begin(user_id, list(receivers), way, by=by, at=at, form_key=form_key)
    if made["at_once"]:
        _move_now(made["at_once"])
    return int(made["id"])


def _move_now(job_id: int) -> None:
    """Do the work while somebody waits. Nothing of what hinders it matters to them: a worker goes on."""
    try:
        do_now(job_id, clock.now())
    except DBAPIError as error:
        if not is_busy(error):
            raise


@operation("handover_begun")
def _begin(
    user_id: int, receivers: list[int], way: str, *, by: Actor, at: datetime
) -> dict[str, Any]:
    fit = [one for one in dict.fromkeys(receivers) if is_here(one) and one != user_id]
    if not fit or len(fit) != len(receivers) or way not in WAYS:
        raise Refused("handover-to-nobody")
    counts = counts_of([user_id]).get(user_id, {})
    total = sum(counts.values())
    if not total:
        raise Refused("handover-nothing")
    values = {"user_id": user_id, "receivers": fit, "way": way, "counts": counts, "at": at}
    handover_id = records.insert(Handover, {**values, "total": total, "operation_id": current().id})
    job_id = enqueue(KIND, {"handover": handover_id, "by": by.user_id, "name": by.name})
    return {"id": handover_id, "at_once": job_id if total <= AT_ONCE else None}


def go_on(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Move what is left of a hand-over, in the name of who began it. Begun again after a crash, it goes
    on with what is still there."""
    someone = payload["by"]
    actor = Actor("person", payload["name"], someone) if someone is not None else by
    _move_all(payload["handover"], by=actor, lease=lease)


def _move_all(handover_id: int, *, by: Actor, lease: Lease) -> None:
    row = _row(handover_id)
    if row is None or row["finished_at"] is not None:
        return  # taken back meanwhile, or done
    user_id, receivers = row["user_id"], [one for one in row["receivers"] if is_here(one)]
    if not receivers:
        raise JobFailed(NOBODY_LEFT)
    row = {**row, "receivers": receivers}
    shared = shares(user_id, receivers, row["way"])
    for ids in records.chunks(sorted(shared), BATCH):
        _each(_customers, "customers", row, {one: shared[one] for one in ids}, by, lease)
    for kind, move, size in (
        ("dedicated", _dedicated, BATCH),
        ("cases", _cases, FEW),
        ("seats", _seats, FEW),
        ("promises", _tasks, BATCH),
        ("touches", _tasks, BATCH),
        ("tasks", _tasks, BATCH),
        ("improvements", _improvements, BATCH),
    ):
        wanted = dealt(ids_of(kind, user_id), receivers)
        for ids in records.chunks(sorted(wanted), size):
            _each(move, kind, row, {one: wanted[one] for one in ids}, by, lease)
    _finish(row, by=by, at=clock.now(), part_of=row["operation_id"])


def _each(
    move: Any, kind: str, row: Row, wanted: Mapping[int, int], by: Actor, lease: Lease
) -> None:
    lease.renew()
    move(kind, row, wanted, by=by, at=clock.now(), part_of=row["operation_id"])


def _left(kind: str, row: Row, wanted: Mapping[int, int]) -> dict[int, int]:
    """What of a batch they still have: others may have seen to some since it was said who gets what."""
    found = database.session.execute(theirs(kind, [row["user_id"]], wanted.keys())).scalars()
    return {one: wanted[one] for one in found}


def _count(row: Row, number: int) -> None:
    """Note how far it is."""
    session = database.session
    session.execute(
        update(TABLE).where(TABLE.c.id == row["id"]).values(moved=TABLE.c.moved + number)
    )


@operation("customers_handed_over")
def _customers(kind: str, row: Row, wanted: Mapping[int, int], *, by: Actor, at: datetime) -> int:
    """Customers, with the open steps and promises that go along to their new owners."""
    left = _left(kind, row, wanted)
    ids = records.update_many(Customer, {one: {"owner_id": to} for one, to in left.items()})
    follow(ids, names=False, facts=False)
    for customer_id in ids:
        tell("customer_changed", customer_id=customer_id)
    _count(row, len(ids))
    return len(ids)


@operation("dedicated_handed_over")
def _dedicated(kind: str, row: Row, wanted: Mapping[int, int], *, by: Actor, at: datetime) -> int:
    """Customers whose cases went to them first."""
    left = _left(kind, row, wanted)
    ids = records.update_many(Customer, {one: {"dedicated_id": to} for one, to in left.items()})
    for customer_id in ids:
        tell("customer_changed", customer_id=customer_id)
    _count(row, len(ids))
    return len(ids)


@operation("cases_handed_over")
def _cases(kind: str, row: Row, wanted: Mapping[int, int], *, by: Actor, at: datetime) -> int:
    """Open cases: each to the new owner of its customer where that is one of the receivers."""
    left = _nearer(CASES, row, _left(kind, row, wanted))
    for case_id, to in left.items():
        assign(case_id, to, by=by, at=at)
    _count(row, len(left))
    return len(left)


@operation("seats_handed_over")
def _seats(kind: str, row: Row, wanted: Mapping[int, int], *, by: Actor, at: datetime) -> int:
    """Seats in joint teams, with their duties."""
    left = _left(kind, row, wanted)
    columns = (MEMBERS.c.id, MEMBERS.c.case_id, MEMBERS.c.user_id, MEMBERS.c.duty)
    found = database.session.execute(select(*columns).where(MEMBERS.c.id.in_(left))).all()
    for seat in found:
        leave(seat.case_id, seat.user_id, by=by, at=at)
        join(seat.case_id, left[seat.id], seat.duty, by=by, at=at)
    _count(row, len(found))
    return len(found)


@operation("tasks_handed_over")
def _tasks(kind: str, row: Row, wanted: Mapping[int, int], *, by: Actor, at: datetime) -> int:
    """Open tasks, promises and planned touches that did not go along with a customer or a case."""
    near = _nearer(TASKS, row, _left(kind, row, wanted))
    ids = records.update_many(Task, {one: {"assignee_id": to} for one, to in near.items()})
    of_tasks = select(TASKS.c.customer_id).where(TASKS.c.id.in_(ids)).distinct()
    changed(database.session.execute(of_tasks).scalars())
    _count(row, len(ids))
    return len(ids)


@operation("improvements_handed_over")
def _improvements(
    kind: str, row: Row, wanted: Mapping[int, int], *, by: Actor, at: datetime
) -> int:
    """Improvements that they see to."""
    values = {one: {"owner_id": to} for one, to in _left(kind, row, wanted).items()}
    ids = records.update_many(Improvement, values)
    _count(row, len(ids))
    return len(ids)


@operation("handover_finished", traced=False)
def _finish(row: Row, *, by: Actor, at: datetime) -> None:
    values = {"finished_at": at, "moved": TABLE.c.total}
    database.session.execute(update(TABLE).where(TABLE.c.id == row["id"]).values(values))
    params = {"from": row["user_id"], "by": by.user_id}
    told = (one for one in row["receivers"] if one != by.user_id)
    notify([Notice(one, NOTICE, params, f"{NOTICE}:{row['id']}") for one in told], by=by, at=at)


def _nearer(table: Any, row: Row, wanted: Mapping[int, int]) -> dict[int, int]:
    """The same, but what hangs on a customer of one of the receivers goes to that one."""
    customers, receivers = Customer.__table__, set(row["receivers"])
    joined = table.join(customers, customers.c.id == table.c.customer_id)
    statement = select(table.c.id, customers.c.owner_id).select_from(joined)
    owners = database.session.execute(statement.where(table.c.id.in_(wanted)))
    near = {one: owner for one, owner in owners if owner in receivers}
    return {one: near.get(one, to) for one, to in wanted.items()}


def _row(handover_id: int) -> Row | None:
    wanted = select(TABLE).where(TABLE.c.id == handover_id)
    return database.session.execute(wanted).mappings().first()
