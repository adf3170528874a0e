"""Who sees a case, and who may work on it: the one place that decides it.

A case is somebody's who has it on their desk, who belongs to its joint team, or who owns its customer.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true, union_all

from crmlite.access import Reader
from crmlite.access.permissions import ALL, OWN, TEAM
from crmlite.accounts.queries import reader_of
from crmlite.cases.models import Case, CaseEvent, CaseFacts, CaseMember, CaseTask
from crmlite.extensions import database
from crmlite.followups.models import Task

CASES, FACTS, MEMBERS = Case.__table__, CaseFacts.__table__, CaseMember.__table__
TIES, TASKS, EVENTS = CaseTask.__table__, Task.__table__, CaseEvent.__table__
HOLDERS = (FACTS.c.assignee_id, FACTS.c.owner_id)
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
    people = _whose(reader, permission)
    if people is None:
        return true()
    return or_(*(column.in_(people) for column in HOLDERS), FACTS.c.case_id.in_(_joined(people)))


def open_ones_in_sight(reader: Reader) -> ColumnElement[bool]:
    """What `reached` says of open cases, to be asked beside it: by an index for each of the ways in
    which a case is somebody's, where a database would look through all open ones."""
    people = _whose(reader, "cases:see")
    if people is None:
        return true()
    is_open = FACTS.c.is_open.is_(True)
    held = [select(FACTS.c.case_id).where(column.in_(people), is_open) for column in HOLDERS]
    return FACTS.c.case_id.in_(union_all(*held, _joined(people)))


def _whose(reader: Reader, permission: str) -> list[int] | None:
    """The people whose cases a right reaches; None for everybody's."""
    match reader.scope(permission):
        case scope if scope == ALL:
            return None
        case scope if scope == TEAM:
            return sorted(reader.mates)
        case scope if scope == OWN:
            return [reader.user_id]
    return []


def _joined(people: Sequence[int]) -> Select[Any]:
    """Selects the cases to whose joint team somebody of these belongs."""
    return select(MEMBERS.c.case_id).where(MEMBERS.c.user_id.in_(people))


def of_seen_case(reader: Reader) -> ColumnElement[bool]:
    """The condition that a task belongs to a case which a reader sees."""
    return (
        select(TIES.c.task_id)
        .join(FACTS, FACTS.c.case_id == TIES.c.case_id)
        .where(TIES.c.task_id == TASKS.c.id, reached(reader, "cases:see"))
        .correlate(TASKS)
        .exists()
    )


def revisits_of_seen_cases(reader: Reader) -> Select[Any]:
    """Selects the ids of the interactions that are revisits of cases which a reader sees."""
    return (
        select(EVENTS.c.data["interaction"].as_integer())
        .join(FACTS, FACTS.c.case_id == EVENTS.c.case_id)
        .where(EVENTS.c.kind == "revisited", reached(reader, "cases:see"))
    )


def case_ids(reader: Reader, right: str) -> Select[Any]:
    """Selects the ids of cases in sight, and in reach of a right of cases where one is named."""
    statement = select(FACTS.c.case_id)
    for one in {"cases:see", right or "cases:see"}:
        statement = statement.where(reached(reader, one))
    return statement


def unable(user_ids: Iterable[int], case_id: int) -> list[int]:
    """Those of these people who cannot open a case."""
    found = []
    for user_id in user_ids:
        reader = reader_of(user_id)
        wanted = (
            select(FACTS.c.case_id)
            .join(CASES, CASES.c.id == FACTS.c.case_id)
            .where(FACTS.c.case_id == case_id)
        )
        if reader is None or database.session.execute(seen_cases(reader, wanted)).first() is None:
            found.append(user_id)
    return found


def may(reader: Reader, permission: str, people: Collection[int | None]) -> bool:
    """Whether a right reaches a case of these people: its assignee, its team, its customer's owner."""
    return any(reader.covers(permission, one) for one in (*people, None))
