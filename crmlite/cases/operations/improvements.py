"""The improvement ledger: what is changed so that a complaint does not come again, and who is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.cases.models import Improvement, ImprovementCase
from crmlite.cases.operations.events import load, settled, write_down
from crmlite.extensions import database
from crmlite.work import Actor, Gone, current, operation, records

PARTS = ImprovementCase.__table__


@operation("improvement_added")
def add_improvement(
    values: Mapping[str, Any], *, by: Actor, at: datetime, case_id: int | None = None
) -> dict[str, int]:
    """Add an improvement, about a case where one is named; answers `{"id", "operation"}`. Raises
    Gone."""
    improvement_id = records.insert(Improvement, {"state": "active", "status": "open", **values})
    if case_id is not None:
        _tie(improvement_id, case_id, by, at, "improvement")
    return {"id": improvement_id, "operation": current().id}


@operation("improvement_updated")
def update_improvement(
    improvement_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Change an improvement, or say how it went; answers the operation's id, 0 when nothing changed.
    Raises Gone, Stale."""
    changed = records.update(Improvement, improvement_id, values, version=version)
    return current().id if changed else 0


@operation("improvement_case_added")
def tie(improvement_id: int, case_id: int, *, by: Actor, at: datetime) -> int:
    """Say that an improvement is about a case, too: its customer suffered from the same. Answers the
    operation's id, 0 when that is known. Raises Gone."""
    if _part(improvement_id, case_id) is not None:
        return 0
    _tie(improvement_id, case_id, by, at, "tied")
    return current().id


@operation("improvement_case_removed")
def untie(improvement_id: int, case_id: int, *, by: Actor, at: datetime) -> int:
    """Take that back. Answers the operation's id, 0 when it was not about the case. Raises Gone."""
    part, case = _part(improvement_id, case_id), load(case_id)
    if part is None:
        return 0
    records.delete(ImprovementCase, part)
    write_down(case, "untied", by=by, at=at, data={"improvement": improvement_id})
    return settled(case)


@operation("improvement_case_told")
def tell_customer(improvement_id: int, case_id: int, how: str, *, by: Actor, at: datetime) -> int:
    """Note that the customer of a case was told what was improved. Raises Gone."""
    part = _part(improvement_id, case_id)
    if part is None:
        raise Gone("improvement_case", case_id)
    records.update(
        ImprovementCase, part, {"told_at": at, "told_by_id": by.user_id, "told_how": how or None}
    )
    return current().id


def _tie(improvement_id: int, case_id: int, by: Actor, at: datetime, event: str) -> None:
    case = load(case_id)
    records.insert(ImprovementCase, {"improvement_id": improvement_id, "case_id": case_id})
    write_down(case, event, by=by, at=at, data={"improvement": improvement_id})
    settled(case)


def _part(improvement_id: int, case_id: int) -> int | None:
    wanted = select(PARTS.c.id).where(
        PARTS.c.improvement_id == improvement_id, PARTS.c.case_id == case_id
    )
    return database.session.execute(wanted).scalar()
