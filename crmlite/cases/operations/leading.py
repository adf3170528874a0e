"""Making somebody the lead of a joint team, as the level of the complaint asks."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from crmlite.cases.categories import manager_of
from crmlite.cases.levels import LEAD, MANAGER, is_raised, lead_for, managers, rule_of
from crmlite.cases.models import CaseMember
from crmlite.cases.operations.events import Row, write_down
from crmlite.cases.words import COMPLAINT
from crmlite.extensions import database
from crmlite.notifications.notices import Notice
from crmlite.notifications.operations import notify
from crmlite.work import Actor, records

MEMBERS = CaseMember.__table__
HELPS = "other"  # the duty of whoever led it before


def appoint_lead(case: Row, before: str | None, *, by: Actor, at: datetime) -> int | None:
    """Put whoever is to lead complaints of its level into the joint team of a case that has become a
    complaint, or was raised from a level; who led it before stays in the team. Answers whom; None for
    nobody: the page of the case says why. Belongs inside an operation."""
    rule = rule_of(case["level"]) if case["kind"] == COMPLAINT else None
    if rule is None or not is_raised(before, case["level"]):
        return None
    user_id = lead_for(rule, case["team_id"])
    if user_id is not None:
        _make_lead(case, user_id, by, at)
    return user_id


def involve_manager(case: Row, *, by: Actor, at: datetime) -> None:
    """Tell managers of a case whose category asks for it, or put one of them into its joint team as its
    lead. Belongs inside an operation."""
    match manager_of(case.get("category")):
        case "told":
            params = {"case": case["id"], "number": case["number"]}
            key = f"case-told:{case['id']}:{case['category']}"
            notices = [Notice(one, "case-told", params, key) for one in managers()]
            notify(notices, by=by, at=at)
        case "leads":
            user_id = lead_for({"leader": MANAGER}, case["team_id"])
            if user_id is not None and not _is_led_by(case["id"], managers()):
                _make_lead(case, user_id, by, at)


def _is_led_by(case_id: int, user_ids: Collection[int]) -> bool:
    """Whether one of these people leads the joint team of a case."""
    wanted = select(MEMBERS.c.id).where(
        MEMBERS.c.case_id == case_id, MEMBERS.c.duty == LEAD, MEMBERS.c.user_id.in_(user_ids)
    )
    return database.session.execute(wanted.limit(1)).first() is not None


def _make_lead(case: Row, user_id: int, by: Actor, at: datetime) -> None:
    wanted = select(MEMBERS.c.id, MEMBERS.c.user_id, MEMBERS.c.duty)
    rows = database.session.execute(wanted.where(MEMBERS.c.case_id == case["id"])).mappings().all()
    duties = {row["user_id"]: row["duty"] for row in rows}
    if duties.get(user_id) == LEAD:
        return
    for row in rows:
        if row["duty"] == LEAD:
            records.update(CaseMember, row["id"], {"duty": HELPS})
            data = {"user": row["user_id"], "duty": HELPS}
            write_down(case, "duty", by=by, at=at, data=data)
        elif row["user_id"] == user_id:
            records.update(CaseMember, row["id"], {"duty": LEAD})
    if user_id not in duties:
        values = {"customer_id": case["customer_id"], "user_id": user_id, "duty": LEAD}
        records.insert(CaseMember, {"case_id": case["id"], **values})
    kind = "duty" if user_id in duties else "joined"
    write_down(case, kind, by=by, at=at, data={"user": user_id, "duty": LEAD})
    params = {"case": case["id"], "number": case["number"]}
    key = f"case-leads:{case['id']}:{at.isoformat()}"
    notify([Notice(user_id, "case-leads", params, key)], by=by, at=at)
