"""Who is on a case: whoever has it on the desk, the team it lies with, the joint team."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crmlite.accounts.queries import is_here, member_ids, people
from crmlite.cases.models import Case, CaseFacts, CaseMember
from crmlite.cases.operations.events import load, settled, write_down
from crmlite.cases.operations.tasks import hand_back, hand_on
from crmlite.extensions import database
from crmlite.notifications.notices import Notice
from crmlite.notifications.operations import notify
from crmlite.work import Actor, Refused, operation, records

Row = Mapping[str, Any]
MEMBERS, FACTS = CaseMember.__table__, CaseFacts.__table__


@operation("case_assigned")
def assign(
    case_id: int,
    user_id: int | None,
    *,
    by: Actor,
    at: datetime,
    team_id: int | None = None,
    version: int | None = None,
) -> int:
    """Put a case on somebody's desk (None: back into the queue), and with a team where one is named:
    its clocks go by that team's calendar then. Answers the operation's id, 0 when nothing changed.
    Raises Gone, Stale; Refused (`case-assignee-left`) for who does not sign in any more."""
    case = load(case_id)
    if user_id != case["assignee_id"]:
        _must_be_here(user_id)
    values: dict[str, Any] = {"assignee_id": user_id}
    if team_id is not None:
        values["team_id"] = team_id
    changed = records.update(Case, case_id, values, version=version)
    if not changed:
        return 0
    data = {"from": case["assignee_id"], "to": user_id}
    if "team_id" in changed:
        data["team"] = team_id
    write_down(case, "assigned", by=by, at=at, data=data)
    if "assignee_id" in changed:
        tell_assigned({**case, **values}, by=by, at=at)
        hand_on(case, user_id, by=by, at=at)
    return settled(case)


def _must_be_here(user_id: int | None) -> None:
    if user_id is not None and not is_here(user_id):
        raise Refused("case-assignee-left")


@operation("case_taken")
def take(case_id: int, *, by: Actor, at: datetime) -> int:
    """Put a case on one's own desk. Raises Gone; Refused (`case-taken`) where somebody else was
    quicker."""
    case = load(case_id)
    if case["assignee_id"] == by.user_id:
        return 0
    if case["assignee_id"] is not None and is_here(case["assignee_id"]):
        raise Refused("case-taken", {"who": people()[case["assignee_id"]].name})
    records.update(Case, case_id, {"assignee_id": by.user_id})
    data = {"from": case["assignee_id"], "to": by.user_id}
    write_down(case, "assigned", by=by, at=at, data=data)
    hand_on(case, by.user_id, by=by, at=at)
    return settled(case)


@operation("case_handed_round")
def hand_round(case_id: int, *, by: Actor, at: datetime) -> int:
    """Give a case to whoever of its team has the fewest open ones, the longest waiting first (round
    robin). Raises Gone; Refused (`case-team-empty`)."""
    case = load(case_id)
    team = sorted(one for one in member_ids(case["team_id"] or 0) if is_here(one))
    if not team:
        raise Refused("case-team-empty")
    user_id = min(team, key=_load_of(team))
    records.update(Case, case_id, {"assignee_id": user_id})
    data = {"from": case["assignee_id"], "to": user_id, "round": True}
    write_down(case, "assigned", by=by, at=at, data=data)
    tell_assigned({**case, "assignee_id": user_id}, by=by, at=at)
    hand_on(case, user_id, by=by, at=at)
    return settled(case)


def _load_of(team: list[int]) -> Any:
    """Orders people: fewest open cases, then who got one the longest ago."""
    counted = database.session.execute(
        select(FACTS.c.assignee_id, func.count(), func.max(FACTS.c.last_at))
        .where(FACTS.c.assignee_id.in_(team), FACTS.c.is_open.is_(True))
        .group_by(FACTS.c.assignee_id)
    )
    found = {user_id: (number, last.isoformat()) for user_id, number, last in counted}
    return lambda user_id: (*found.get(user_id, (0, "")), user_id)


def tell_assigned(case: Row, *, by: Actor, at: datetime) -> None:
    """Notify who has a case on the desk now; not who put it there themselves."""
    if case["assignee_id"] is not None:
        params = {"case": case["id"], "number": case["number"]}
        key = f"case-assigned:{case['id']}:{at.isoformat()}"
        notify([Notice(case["assignee_id"], "case-assigned", params, key)], by=by, at=at)


@operation("case_joined")
def join(case_id: int, user_id: int, duty: str, *, by: Actor, at: datetime) -> int:
    """Add somebody to the joint team, or give them another duty; answers the operation's id, 0 when
    nothing changed. Raises Gone, Refused (`case-assignee-left`)."""
    case = load(case_id)
    _must_be_here(user_id)
    member = _member(case_id, user_id)
    if member is None:
        values = {"customer_id": case["customer_id"], "user_id": user_id, "duty": duty}
        records.insert(CaseMember, {"case_id": case_id, **values})
        write_down(case, "joined", by=by, at=at, data={"user": user_id, "duty": duty})
        params = {"case": case_id, "number": case["number"]}
        key = f"case-joined:{case_id}:{at.isoformat()}"
        notify([Notice(user_id, "case-joined", params, key)], by=by, at=at)
    elif records.update(CaseMember, member, {"duty": duty}):
        write_down(case, "duty", by=by, at=at, data={"user": user_id, "duty": duty})
    else:
        return 0
    return settled(case)


@operation("case_left")
def leave(case_id: int, user_id: int, *, by: Actor, at: datetime) -> int:
    """Take somebody out of the joint team; answers the operation's id, 0 when they were not in it.
    Raises Gone."""
    case = load(case_id)
    member = _member(case_id, user_id)
    if member is None:
        return 0
    records.delete(CaseMember, member)
    write_down(case, "left", by=by, at=at, data={"user": user_id})
    hand_back(case, user_id, by=by, at=at)
    return settled(case)


def _member(case_id: int, user_id: int) -> int | None:
    wanted = select(MEMBERS.c.id).where(MEMBERS.c.case_id == case_id, MEMBERS.c.user_id == user_id)
    return database.session.execute(wanted).scalar()
