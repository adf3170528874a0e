"""Correcting what is known about a case: its facts, its level, what kind it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crmlite.cases.models import Case
from crmlite.cases.operations.events import load, settled, write_down
from crmlite.cases.words import COMPLAINT, COMPLEX
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
    """Correct a case; answers the operation's id, 0 when nothing changed. Raises Gone, Stale."""
    case = load(case_id)
    changed = records.update(Case, case_id, values, version=version)
    return settled(case) if changed else 0


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
    """Make any case a complaint (K0). Raises Gone; Refused (`case-is-complaint`)."""
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
    return settled(case)
