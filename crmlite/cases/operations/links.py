"""Cases that belong together, and one that is split off another."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from crmlite.cases.models import CaseLink
from crmlite.cases.operations.events import load, settled, write_down
from crmlite.cases.operations.intake import CaseDraft, open_case
from crmlite.extensions import database
from crmlite.work import Actor, Refused, operation, records

LINKS = CaseLink.__table__


@operation("case_linked")
def link(case_id: int, other_id: int, *, by: Actor, at: datetime) -> int:
    """Say that two cases are about the same; answers the operation's id, 0 when that is known. Raises
    Gone; Refused (`case-link-itself`)."""
    if case_id == other_id:
        raise Refused("case-link-itself")
    case, other = load(case_id), load(other_id)
    if _linked(case_id, other_id) is not None:
        return 0
    _tie(case, other_id, "related")
    write_down(case, "linked", by=by, at=at, data={"to": other["number"]})
    return settled(case)


@operation("case_unlinked")
def unlink(case_id: int, other_id: int, *, by: Actor, at: datetime) -> int:
    """Take that back; answers the operation's id, 0 when they were not linked. Raises Gone."""
    case = load(case_id)
    found = _linked(case_id, other_id)
    if found is None:
        return 0
    records.delete(CaseLink, found)
    return settled(case)


@operation("case_split")
def split(case_id: int, subject: str, *, by: Actor, at: datetime, said: str = "") -> dict[str, Any]:
    """Open a case of its own for another matter of a case's customer; its clocks run from now.
    Answers as `open_case` does. Raises Gone."""
    case = load(case_id)
    kept = ("kind", "channel", "category", "product", "order_number", "contact_id", "level",
            "mood", "team_id", "assignee_id")  # fmt: skip
    values = {name: case[name] for name in kept} | {"subject": subject, "opened_at": at}
    draft = CaseDraft(customer=case["customer_id"], values=values, said=said)
    made: dict[str, Any] = open_case(draft, by=by, at=at)
    _tie(case, made["id"], "split")
    write_down(case, "split", by=by, at=at, data={"to": made["number"]})
    settled(case)
    return made


def _tie(case: Any, other_id: int, kind: str) -> None:
    values = {"case_id": case["id"], "other_id": other_id, "customer_id": case["customer_id"]}
    records.insert(CaseLink, {**values, "kind": kind})


def _linked(case_id: int, other_id: int) -> int | None:
    either = or_(
        (LINKS.c.case_id == case_id) & (LINKS.c.other_id == other_id),
        (LINKS.c.case_id == other_id) & (LINKS.c.other_id == case_id),
    )
    return database.session.execute(select(LINKS.c.id).where(either)).scalar()
