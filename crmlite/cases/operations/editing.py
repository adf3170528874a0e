"""Correcting what is known about a case: its facts, its level, what kind it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crmlite.cases.models import Case, CaseEvent, CaseMessage
from crmlite.cases.operations.events import Row, load, settled, write_down
from crmlite.cases.operations.leading import appoint_lead, involve_manager
from crmlite.cases.words import COMPLAINT, COMPLEX, OF_COMPLAINT
from crmlite.extensions import database
from crmlite.wording import exactly
from crmlite.work import Actor, Refused, operation, records


@operation("case_updated")
def update_case(
    case_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Correct a case; answers the operation's id, 0 when nothing changed.

    With another `opened_at` its clocks run from then. A complaint that becomes another kind of case
    has no level, mood and demand any more: what happened keeps them. Raises Gone, Stale; Refused
    (`case-opened-late`) where something happened to the case before it would be opened.
    """
    case = load(case_id)
    given = dict(values)
    if case["kind"] == COMPLAINT != given.get("kind", COMPLAINT):
        given |= dict.fromkeys(OF_COMPLAINT)
    changed = records.update(Case, case_id, given, version=version)
    if not changed:
        return 0
    if "opened_at" in changed:
        _open_at(case, given["opened_at"])
    if "kind" in changed:
        kept = {name: case[name] for name in OF_COMPLAINT}
        data = {"from": case["kind"], "to": given["kind"], **kept}
        write_down(case, "kind", by=by, at=at, data=data)
    if "category" in changed:
        involve_manager({**case, "category": given["category"]}, by=by, at=at)
    return settled(case)


def _open_at(case: Row, moment: datetime) -> None:
    """Have a case begin at another moment, and what the customer said then with it."""
    events, messages = CaseEvent.__table__, CaseMessage.__table__
    of_case = (events.c.case_id == case["id"], events.c.state == "active")
    first = select(func.min(events.c.at)).where(*of_case, events.c.kind != "opened")
    later = database.session.execute(first).scalar()
    if later is not None and moment > later:
        raise Refused("case-opened-late", {"when": exactly(later)})
    begun = select(events.c.id).where(*of_case, events.c.kind == "opened")
    for event_id in database.session.execute(begun).scalars().all():
        records.update(CaseEvent, event_id, {"at": moment})
    said = select(messages.c.id).where(
        messages.c.case_id == case["id"],
        messages.c.direction == "in",
        messages.c.at == case["opened_at"],
    )
    for message_id in database.session.execute(said).scalars().all():
        records.update(CaseMessage, message_id, {"at": moment})


@operation("case_level_changed")
def change_level(
    case_id: int, level: str, *, by: Actor, at: datetime, why: str | None = None
) -> int:
    """Give a complaint another level: its clocks go by the new one's deadlines, from when the case was
    opened. A severe or critical one becomes complex. Raises Gone; Refused (`case-no-complaint`)."""
    case = load(case_id)
    if case["kind"] != COMPLAINT:
        raise Refused("case-no-complaint")
    values = {"level": level, "is_complex": case["is_complex"] or level in COMPLEX}
    if not records.update(Case, case_id, values):
        return 0
    write_down(case, "level", by=by, at=at, data={"from": case["level"], "to": level}, why=why)
    appoint_lead({**case, **values}, case["level"], by=by, at=at)
    return settled(case)


@operation("case_became_complaint")
def make_complaint(
    case_id: int,
    level: str,
    *,
    by: Actor,
    at: datetime,
    mood: str | None = None,
    demand: str | None = None,
) -> int:
    """Make any case a complaint. Raises Gone; Refused (`case-is-complaint`)."""
    case = load(case_id)
    if case["kind"] == COMPLAINT:
        raise Refused("case-is-complaint")
    values = {
        "kind": COMPLAINT,
        "level": level,
        "mood": mood,
        "demand": demand,
        "is_complex": case["is_complex"] or level in COMPLEX,
    }
    records.update(Case, case_id, values)
    write_down(case, "complaint", by=by, at=at, data={"from": case["kind"], "to": level})
    appoint_lead({**case, **values}, None, by=by, at=at)
    return settled(case)
