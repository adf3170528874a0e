"""What a complaint's level asks of its joint team: who leads it, and from which teams people are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from crmlite import settings
from crmlite.accounts.queries import holders, member_ids, reader_of, teams
from crmlite.cases.models import CaseFacts, CaseLevelRule, CaseMember
from crmlite.cases.words import LEVELS
from crmlite.extensions import database

Row = Mapping[str, Any]
RULES, MEMBERS, FACTS = CaseLevelRule.__table__, CaseMember.__table__, CaseFacts.__table__
NOBODY, TEAM, MANAGER, NAMED = "nobody", "team", "manager", "person"
LEAD = "lead"  # the duty in a joint team
MANAGING = "cases:manage"


def rules() -> dict[str, Row]:
    """What is set for levels, by level."""
    return {row["level"]: row for row in database.session.execute(select(RULES)).mappings()}


def rule_of(level: str | None) -> Row | None:
    """What is set for a level; None for nothing."""
    wanted = select(RULES).where(RULES.c.level == level)
    return database.session.execute(wanted).mappings().first()


def is_raised(before: str | None, after: str) -> bool:
    """Whether a level is graver than another one, by the order of their list; any is than none."""
    order = [choice.key for choice in settings.choices(LEVELS, retired=True)]
    return before not in order or (after in order and order.index(before) < order.index(after))


def lead_for(rule: Row, team_id: int | None) -> int | None:
    """Who is to lead the joint team of a case that lies with a team; None where nobody fits."""
    match rule["leader"]:
        case "team":
            found = [team.lead_id for team in teams() if team.id == team_id]
        case "manager":
            found = _managers(team_id)
        case "person":
            found = [rule["leader_id"]]
        case _:
            found = []
    return next((one for one in found if may_have(one)), None)


def may_have(user_id: int | None) -> bool:
    """Whether somebody can be given cases: they sign in and see those of their own at least."""
    reader = reader_of(user_id) if user_id is not None else None
    return reader is not None and reader.may("cases:see")


def managers() -> list[int]:
    """Those who set the deadlines and sign in."""
    return holders(MANAGING)


def _managers(team_id: int | None) -> list[int | None]:
    """Those who set the deadlines: of the case's team first, then who leads the fewest open cases."""
    found = managers()
    own = member_ids(team_id) if team_id is not None else frozenset()
    led = _led(found)
    return [*sorted(found, key=lambda one: (one not in own, led.get(one, 0), one))]


def _led(user_ids: list[int]) -> dict[int, int]:
    """How many open cases each of these people leads."""
    counted = database.session.execute(
        select(MEMBERS.c.user_id, func.count())
        .join(FACTS, FACTS.c.case_id == MEMBERS.c.case_id)
        .where(MEMBERS.c.user_id.in_(user_ids), MEMBERS.c.duty == LEAD, FACTS.c.is_open.is_(True))
        .group_by(MEMBERS.c.user_id)
    )
    return {user_id: int(number) for user_id, number in counted}
