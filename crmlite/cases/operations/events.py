"""Writing down what happens to a case; every change of its way comes through here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.cases.facts import refresh
from crmlite.cases.models import Case, CaseEvent
from crmlite.cases.operations.tasks import follow_clocks
from crmlite.extensions import database
from crmlite.rules import casework
from crmlite.rules.problems import Problem
from crmlite.work import Actor, Gone, Refused, current, records, tell

Row = Mapping[str, Any]
CASES = Case.__table__


def load(case_id: int) -> Row:
    """A case that is there, as the operation finds it; nobody else changes it until the operation's
    end. Raises Gone."""
    wanted = select(CASES).where(CASES.c.id == case_id, CASES.c.state == "active")
    if database.engine.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        raise Gone("case", case_id)
    return row


def write_down(
    case: Row,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    why: str | None = None,
    happened_at: datetime | None = None,
) -> int:
    """Note that something happened to a case; answers the event's id."""
    return records.insert(
        CaseEvent,
        {
            "case_id": case["id"],
            "customer_id": case["customer_id"],
            "state": "active",
            "kind": kind,
            "at": happened_at or at,
            "recorded_at": at,
            "user_id": by.user_id,
            "data": dict(data) if data else None,
            "why": why or None,
        },
    )


def has_happened(case_id: int, kind: str) -> bool:
    """Whether something of a kind happened to a case before."""
    table = CaseEvent.__table__
    wanted = select(table.c.id).where(
        table.c.case_id == case_id, table.c.kind == kind, table.c.state == "active"
    )
    return database.session.execute(wanted.limit(1)).first() is not None


def move_to(
    case: Row,
    to: str,
    *,
    by: Actor,
    at: datetime,
    why: str | None = None,
    values: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Row:
    """Take a case to another status, with what else changes in that moment; answers it as it is then.
    Raises Refused with the reason where there is no such way, Stale."""
    refuse(casework.refusal(case["status"], to))
    records.update(Case, case["id"], {"status": to, **(values or {})}, version=version)
    write_down(case, "moved", by=by, at=at, data={"from": case["status"], "to": to}, why=why)
    return load(case["id"])


def refuse(problem: Problem | None) -> None:
    """Raise Refused for a problem, if there is one."""
    if problem is not None:
        raise Refused(problem.code, problem.params)


def settled(case: Row) -> int:
    """Have everything follow that follows from a change of a case; answers the operation's id."""
    refresh([case["id"]])
    follow_clocks([case["id"]], by=current().by, at=current().at)
    tell("case_changed", case_id=case["id"], customer_id=case["customer_id"])
    return current().id
