"""Deadlines and canned replies: what managers set for all cases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.cases import targets
from crmlite.cases.facts import refresh, refresh_customers
from crmlite.cases.levels import rule_of
from crmlite.cases.models import CannedReply, Case, CaseFacts, CaseLevelRule, CaseTarget
from crmlite.cases.operations.asking import workers
from crmlite.cases.operations.tasks import ALL, Row, close_tasks, follow_clocks, hand_back
from crmlite.extensions import database
from crmlite.followups.operations.planning import DROPPED
from crmlite.jobs.queue import enqueue_once
from crmlite.work import Actor, Stale, current, operation, records
from crmlite.work.operations import is_running
from crmlite.work.records import DELETED, chunks

KIND = "case-clocks"
OF_CLOCKS = ("case", "case_event", "task", "case_task")  # what clocks and their tasks hang on
NO_STATE = (None, None)
FACTS, CASES = CaseFacts.__table__, Case.__table__


@operation("case_target_added")
def add_target(values: Mapping[str, Any], *, by: Actor, at: datetime) -> int:
    """Set a further deadline; answers the operation's id."""
    records.insert(CaseTarget, {"state": "active", **values})
    return _changed()


@operation("case_target_updated")
def update_target(
    target_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Change a deadline; answers the operation's id, 0 when nothing changed. Raises Gone, Stale."""
    changed = records.update(CaseTarget, target_id, values, version=version)
    return _changed() if changed else 0


@operation("case_target_removed")
def remove_target(target_id: int, *, by: Actor, at: datetime) -> int:
    """Take a deadline away: cases that went by it go by the others. Raises Gone."""
    records.update(CaseTarget, target_id, {"state": "deleted"})
    return _changed()


def _changed() -> int:
    have_clocks_read()
    return current().id


def have_clocks_read() -> None:
    """Have the clocks of all open cases read anew in the background. Belongs inside an operation."""
    targets.forget()
    enqueue_once(KIND)


def follow_shipped() -> None:
    """The same for deadlines that came with another version of crmlite or of a pack."""
    wanted = select(FACTS.c.case_id).where(FACTS.c.is_open.is_(True)).limit(1)
    if database.session.execute(wanted).first() is not None:
        have_clocks_read()


@operation("case_clocks_asked", traced=False)
def ask_for_clocks(*, by: Actor, at: datetime) -> None:
    """The same for what was changed elsewhere, such as a working calendar."""
    have_clocks_read()


@operation("case_clocks_read")
def read_clocks_of(customer_id: int, *, by: Actor, at: datetime) -> None:
    """Read the clocks of a customer's cases anew: its tier, owner or state is another one."""
    refresh_customers([customer_id])
    follow_clocks(_open_cases([customer_id]), by=by, at=at)


def make_anew(customer_ids: Sequence[int]) -> None:
    """Make everything that follows from the cases of these customers anew. Where an operation puts
    something of cases back, their tasks follow: what clocks ask for, as it may have been moved since,
    and what people were asked for. Belongs inside an operation, or in a transaction that is taken
    back."""
    refresh_customers(customer_ids)
    if is_running():
        _let_tasks_go_along(set(customer_ids))
    if is_running() and any(one["record_type"] in OF_CLOCKS for one in current().changes):
        for ids in chunks(_open_cases(customer_ids)):
            follow_clocks(ids, by=current().by, at=current().at)


def _let_tasks_go_along(customer_ids: Collection[int]) -> None:
    """Close the tasks of cases that are gone, and give those of who is in a joint team no more to
    whoever has the case."""
    by, at = current().by, current().at
    for change in [one for one in current().changes if one["root_id"] in customer_ids]:
        diff = change["diff"]
        if change["record_type"] == "case" and diff.get("state", NO_STATE)[1] == "deleted":
            close_tasks(_case(change["record_id"]), ALL, by=by, at=at, status=DROPPED)
        elif change["record_type"] == "case_member" and change["verb"] == DELETED:
            case, user_id = _case(diff["case_id"][0]), diff["user_id"][0]
            if user_id not in workers(case):
                hand_back(case, user_id, by=by, at=at)


def _case(case_id: int) -> Row:
    return database.session.execute(select(CASES).where(CASES.c.id == case_id)).mappings().one()


def _open_cases(customer_ids: Sequence[int]) -> Sequence[int]:
    wanted = (
        select(FACTS.c.case_id)
        .join(CASES, CASES.c.id == FACTS.c.case_id)
        .where(CASES.c.customer_id.in_(customer_ids), FACTS.c.is_open.is_(True))
    )
    return database.session.execute(wanted).scalars().all()


def read_clocks(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Any) -> None:
    """Read the clocks of all open cases anew, in pieces that let others write."""
    wanted = select(FACTS.c.case_id).where(FACTS.c.is_open.is_(True)).order_by(FACTS.c.case_id)
    for ids in chunks(database.session.execute(wanted).scalars().all(), 200):
        lease.renew()
        _read(ids, by=by, at=at)


@operation("case_clocks_read")
def _read(case_ids: list[int], *, by: Actor, at: datetime) -> None:
    refresh(case_ids, found=False)
    follow_clocks(case_ids, by=by, at=at)


@operation("case_level_rule_saved")
def save_level_rule(
    level: str,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Say who leads complaints of a level and from which teams their joint teams are, for those that
    come to it from now on; `version` is None where nothing was said so far. Answers the operation's
    id, 0 when nothing changed. Raises Stale."""
    known = rule_of(level)
    if known is None:
        records.insert(CaseLevelRule, {"level": level, **values})
        return current().id
    if version is None:
        raise Stale("case_level_rule", known["id"])
    changed = records.update(CaseLevelRule, known["id"], values, version=version)
    return current().id if changed else 0


@operation("canned_reply_saved")
def save_reply(
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    reply_id: int | None = None,
    version: int | None = None,
) -> int:
    """Add a canned reply, or change one; answers the operation's id, 0 when nothing changed. Raises
    Gone, Stale."""
    if reply_id is None:
        records.insert(CannedReply, {"state": "active", **values})
        return current().id
    changed = records.update(CannedReply, reply_id, values, version=version)
    return current().id if changed else 0


@operation("canned_reply_deleted")
def delete_reply(reply_id: int, *, by: Actor, at: datetime) -> int:
    """Offer a canned reply no more. Raises Gone."""
    records.update(CannedReply, reply_id, {"state": "deleted"})
    return current().id
