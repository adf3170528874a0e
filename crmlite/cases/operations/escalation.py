"""The escalation ladder: who is told that a deadline comes near or was missed, each step once.

The facts say when the next step of a case comes. A step that came is an event of the case; the sweep
writes that, tells people, and moves the facts on, all in one operation: of two workers the second finds
nothing left to do.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crmlite import clock
from crmlite.accounts.queries import people, teams
from crmlite.cases.facts import calendar_for
from crmlite.cases.levels import managers
from crmlite.cases.models import Case, CaseEvent, CaseFacts
from crmlite.extensions import database
from crmlite.notifications.notices import Notice
from crmlite.notifications.operations import notify
from crmlite.rules.escalation import LONG_MISSED, MISSED, SOON, ladder_of, moments, reached
from crmlite.rules.working_time import Calendar, NoWorkingTime
from crmlite.work import Actor, operation, records

Row = Mapping[str, Any]
KIND = "case-escalation"
AT_ONCE = 500
CASES, FACTS = Case.__table__, CaseFacts.__table__


def are_due() -> bool:
    """Whether a step of any case has come."""
    return database.session.execute(_due(clock.now()).limit(1)).first() is not None


def sweep(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Any) -> None:
    """Take all steps that have come, in pieces that let others write."""
    while escalate(by=by, at=clock.now()) == AT_ONCE:
        lease.renew()


@operation("cases_escalated")
def escalate(*, by: Actor, at: datetime, limit: int = AT_ONCE) -> int:
    """Take the steps that have come of so many cases; answers how many there were. A case of which
    several came since the last sweep goes to the furthest at once; everybody on the way is told."""
    rows = _locked(at, limit)
    known: dict[int | None, Calendar] = {}
    staff = Staff()
    events, facts, notices = [], [], []
    for row in rows:
        calendar = known.get(row["team_id"])
        if calendar is None:
            calendar = known[row["team_id"]] = calendar_for(row)
        due = row["due_at"]
        try:
            steps = moments(due, ladder_of(row["clock"]), calendar)
        except NoWorkingTime:  # nobody works any more: its calendar's page says so
            facts.append({"row": row["case_id"], "step": row["step"], "step_at": None})
            continue
        step = max(reached(steps, at), row["step"] + 1)
        events.append(_event(row, step, at))
        following = steps[step] if step < len(steps) else None
        facts.append({"row": row["case_id"], "step": step, "step_at": following})
        notices += _notices(row, step, staff)
    if rows:
        records.insert_many(CaseEvent, events)
        statement = (
            update(FACTS)
            .where(FACTS.c.case_id == bindparam("row"))
            .values(step=bindparam("step"), step_at=bindparam("step_at"))
        )
        database.session.connection().execute(statement, facts)
        notify(notices, by=by, at=at)
    return len(rows)


def _due(at: datetime) -> Any:
    return select(FACTS.c.case_id).where(FACTS.c.step_at <= at)


def _locked(at: datetime, limit: int) -> Sequence[Row]:
    wanted = (
        select(FACTS, CASES.c.number, CASES.c.customer_id)
        .join(CASES, CASES.c.id == FACTS.c.case_id)
        .where(FACTS.c.step_at <= at)
        .order_by(FACTS.c.step_at)
        .limit(limit)
    )
    if database.engine.dialect.name == "postgresql":
        wanted = wanted.with_for_update(of=FACTS, skip_locked=True)
    return database.session.execute(wanted).mappings().all()


def _event(row: Row, step: int, at: datetime) -> dict[str, Any]:
    return {
        "case_id": row["case_id"],
        "customer_id": row["customer_id"],
        "state": "active",
        "kind": "escalated",
        "at": at,
        "recorded_at": at,
        "user_id": None,
        "data": {"clock": row["clock"], "step": step, "due": row["due_at"].isoformat()},
    }


class Staff:
    """Who is told of what, as of one sweep: active people, leads of teams, managers."""

    def __init__(self) -> None:
        self.active = {one.id for one in people().values() if one.active}
        self.leads = {team.id: team.lead_id for team in teams() if team.lead_id in self.active}
        self.managers = set(managers())

    def concerned(self, row: Row, step: int) -> set[int]:
        """Whom a step concerns: whoever has the case, at the deadline also the lead of its team, and
        later the managers. Where there is nobody, whoever comes next."""
        lead = {self.leads[row["team_id"]]} if row["team_id"] in self.leads else set()
        found = self.managers
        if step < LONG_MISSED:
            found = {row["assignee_id"]} & self.active
            if step == MISSED:
                found |= lead
        return found or lead or self.managers


def _notices(row: Row, step: int, staff: Staff) -> Iterable[Notice]:
    """Each person is told of the furthest step that concerns them."""
    told: dict[int, int] = {}
    for reached_step in range(row["step"] + 1, step + 1):
        for user_id in staff.concerned(row, reached_step):
            told[user_id] = reached_step
    about = f"case-clock:{row['case_id']}:{row['clock']}:{row['due_at']:%Y%m%d%H%M%S}"
    params = {"case": row["case_id"], "number": row["number"], "clock": row["clock"]}
    for user_id, reached_step in told.items():
        kind = "case-due" if reached_step == SOON else "case-overdue"
        yield Notice(user_id, kind, {**params, "step": reached_step}, f"{about}:{reached_step}")
