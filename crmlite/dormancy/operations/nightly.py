"""What the ladder does every night: owners are warned, customers become dormant, the ends of
cooperations are asked about, who rested for long is archived, and the quarter's list is made.

Each step is one selection over the whole book, and its changes are made in short batches.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, literal, select

from crmlite.accounts.queries import holders
from crmlite.customers.following import follow, refresh_all
from crmlite.customers.guards import lacking
from crmlite.customers.models import Customer
from crmlite.dormancy.ladder_sql import CUSTOMERS, FACTS, JOINED, due
from crmlite.dormancy.models import CleanupLine
from crmlite.dormancy.operations.noting import note
from crmlite.dormancy.rights import CONFIRM
from crmlite.dormancy.words import in_firms_language
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import TaskDraft, changed, row_of
from crmlite.jobs import Lease
from crmlite.notifications import Notice
from crmlite.notifications.operations import notify
from crmlite.rules.dormancy import ARCHIVE, ASK, REST, RESTING, WARN
from crmlite.rules.lifecycle import DORMANT, Missing
from crmlite.rules.periods import quarter
from crmlite.settings.queries import local_day
from crmlite.work import Actor, operation, records, tell

KIND = "dormancy"
QUIET, CLEANUP = "customers-quiet", "cleanup-list"
ENDED = "cooperation-ended"
BATCH = 500
LINES = CleanupLine.__table__
RENEW = {"en": "Renew, or move to lost with the reason", "zh": "续约，或转为“流失”并注明原因"}
NOTHING: dict[str, Any] = {"urgency": None, "stage": None, "reason": None}

Row = Mapping[str, Any]


def go_down(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """All steps of a night. Begun again after a crash, it goes on where it was."""
    steps: tuple[Callable[..., int], ...] = (_warn, _rest, _ask, _archive)
    for step in steps:
        last = 0
        while last := step(last, by=by, at=at):
            lease.renew()
    list_quarter(by=by, at=at)


def _some(step: str, after: int, at: datetime, *columns: Any) -> list[Row]:
    """The next customers for whom a step is due."""
    wanted = due(step, (CUSTOMERS.c.id, *columns), local_day(at)).where(CUSTOMERS.c.id > after)
    ordered = wanted.order_by(CUSTOMERS.c.id).limit(BATCH)
    return list(database.session.execute(ordered).mappings())


@operation("owners_warned", traced=False)
def _warn(after: int, *, by: Actor, at: datetime) -> int:
    """Tell each owner once of those of theirs that went quiet: how many, however many there are."""
    today = local_day(at)
    found = database.session.execute(due(WARN, (CUSTOMERS.c.id, CUSTOMERS.c.owner_id), today)).all()
    theirs: dict[int, list[int]] = {}
    for customer_id, owner_id in found:
        theirs.setdefault(owner_id, []).append(customer_id)
    note([row.id for row in found], warned_at=at)
    notices = [
        Notice(
            owner_id,
            QUIET,
            {"count": len(ids), "customer": ids[0] if len(ids) == 1 else None},
            f"{QUIET}:{owner_id}:{at.isoformat()}",
        )
        for owner_id, ids in sorted(theirs.items())
    ]
    notify(notices, by=by, at=at)
    return 0


@operation("customers_rested")
def _rest(after: int, *, by: Actor, at: datetime) -> int:
    """Make some dormant; who is kept from it by a guard stays, and it is noted why."""
    rows = _some(REST, after, at, *(c for c in CUSTOMERS.c if c.name != "id"), FACTS.c.urgency)
    held: dict[int, list[Missing]] = {}
    for row in rows:
        if missing := lacking(row, DORMANT, **NOTHING):
            held[row["id"]] = missing
    going = [row["id"] for row in rows if row["id"] not in held]
    values = {"lifecycle": DORMANT, "lost_reason": None}
    records.update_many(Customer, dict.fromkeys(going, values))
    note(going, rested_at=at, held=None)
    for customer_id, missing in held.items():
        note([customer_id], held=[_kept(one) for one in missing])
    _follow(going)
    return rows[-1]["id"] if rows else 0


def _kept(missing: Missing) -> dict[str, Any]:
    text = missing.text
    return {"code": missing.code, "text": text if isinstance(text, str) else dict(text)}


def _follow(customer_ids: list[int]) -> None:
    follow(customer_ids, names=False, facts=False)
    for customer_id in customer_ids:
        tell("customer_changed", customer_id=customer_id)


@operation("cooperation_ends_asked")
def _ask(after: int, *, by: Actor, at: datetime) -> int:
    """Ask owners what becomes of cooperations that are over: lost asks for a reason, which only people
    know."""
    columns = (CUSTOMERS.c.owner_id, CUSTOMERS.c.contract_ends_on)
    rows = _some(ASK, after, at, *columns)
    records.insert_many(Task, [_asking(row, local_day(at), by) for row in rows])
    ends: dict[date, list[int]] = {}
    for row in rows:
        ends.setdefault(row["contract_ends_on"], []).append(row["id"])
    for end, ids in ends.items():
        note(ids, asked_for=end)
    changed(row["id"] for row in rows)
    return rows[-1]["id"] if rows else 0


def _asking(row: Row, today: date, by: Actor) -> dict[str, Any]:
    draft = TaskDraft(
        what=in_firms_language(RENEW),
        due_on=today,
        assignee_id=row["owner_id"],
        reason={"code": ENDED, "params": {"on": row["contract_ends_on"].isoformat()}},
    )
    return row_of(row["id"], draft, by)


@operation("customers_archived_by_rule")
def _archive(after: int, *, by: Actor, at: datetime) -> int:
    """Archive some who rested for long."""
    ids = [row["id"] for row in _some(ARCHIVE, after, at)]
    records.update_many(Customer, {key: {"state": "archived"} for key in ids})
    note(ids, kept_at=at)
    if ids:
        refresh_all(ids)
    return ids[-1] if ids else 0


@operation("cleanup_listed", traced=False)
def list_quarter(*, by: Actor, at: datetime) -> int:
    """Make the list of the quarter where there is none, and tell those who confirm it; answers how many
    customers stand on it."""
    session, name = database.session, quarter(local_day(at))
    if session.execute(select(LINES.c.id).where(LINES.c.quarter == name).limit(1)).first():
        return 0
    resting = (
        select(literal(name), CUSTOMERS.c.id, literal(value=False), literal(1))
        .select_from(JOINED)
        .where(CUSTOMERS.c.state == "active", CUSTOMERS.c.lifecycle.in_(RESTING))
    )
    columns = ("quarter", "customer_id", "keep", "version")
    session.execute(insert(LINES).from_select(columns, resting))
    counting = select(func.count()).select_from(LINES).where(LINES.c.quarter == name)
    count = int(session.execute(counting).scalar_one())
    if count:
        params = {"quarter": name, "count": count}
        told = [Notice(one, CLEANUP, params, f"{CLEANUP}:{name}") for one in holders(CONFIRM)]
        notify(told, by=by, at=at)
    return count
