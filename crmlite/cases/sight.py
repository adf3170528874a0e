"""Who sees a case, and who may work on it: the one place that decides it.

A case is somebody's who has it on their desk, who belongs to its joint team, or who owns its customer.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from crmlite.access import Reader
from crmlite.access.permissions import ALL, OWN, TEAM
from crmlite.cases.models import Case, CaseFacts, CaseMember

CASES, FACTS, MEMBERS = Case.__table__, CaseFacts.__table__, CaseMember.__table__
ACTIVE = ("active",)


def seen_cases(
    reader: Reader,
    statement: Select[Any],
    *,
    permission: str = "cases:see",
    states: Sequence[str] = ACTIVE,
) -> Select[Any]:
    """The statement, whose FROMs include cases and their facts, limited to what a reader may see; with
    a `permission` besides, to what they may do that with."""
    for right in {"cases:see", permission}:
        statement = statement.where(reached(reader, right))
    return statement.where(CASES.c.state.in_(states))


def reached(reader: Reader, permission: str) -> ColumnElement[bool]:
    """The condition that a right puts on cases and their facts."""
    match reader.scope(permission):
        case scope if scope == ALL:
            return true()
        case scope if scope == TEAM:
            return _of(sorted(reader.mates))
        case scope if scope == OWN:
            return _of([reader.user_id])
    return false()


def _of(people: Sequence[int]) -> ColumnElement[bool]:
    joined = select(MEMBERS.c.case_id).where(MEMBERS.c.user_id.in_(people))
    return or_(
        FACTS.c.assignee_id.in_(people), FACTS.c.owner_id.in_(people), FACTS.c.case_id.in_(joined)
    )


def may(reader: Reader, permission: str, people: Collection[int | None]) -> bool:
    """Whether a right reaches a case of these people: its assignee, its team, its customer's owner."""
    return any(reader.covers(permission, one) for one in (*people, None))
