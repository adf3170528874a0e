"""What somebody has: customers in any state, open tasks, cases, seats in joint teams, improvements."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.sql.expression import literal

from crmlite.cases.models import Case, CaseFacts, CaseMember, Improvement
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.rules.handover import EVENLY, dealt, together

CUSTOMERS, TASKS, CASES = Customer.__table__, Task.__table__, Case.__table__
CASE_FACTS, MEMBERS, IMPROVEMENTS = (
    CaseFacts.__table__,
    CaseMember.__table__,
    Improvement.__table__,
)
THERE = ("active", "archived", "deleted")  # nothing is lost with who restores it
KINDS = ("customers", "dedicated", "promises", "touches", "tasks", "cases", "seats", "improvements")


def theirs(kind: str, user_ids: Sequence[int], among: Collection[int] | None = None) -> Select[Any]:
    """The rows of one of KINDS of these people, as `id` and `user_id`, perhaps only those `among` some
    ids: these are looked up by their ids, while SQLite would walk through all that somebody has."""

    def asked(column: Any) -> Any:
        return column if among is None else func.coalesce(column, column)

    match kind:
        case "customers":
            table, holder = CUSTOMERS, CUSTOMERS.c.owner_id
            found = _of(table, holder).where(asked(CUSTOMERS.c.state).in_(THERE))
        case "dedicated":
            table, holder = CUSTOMERS, CUSTOMERS.c.dedicated_id
            found = _of(table, holder).where(asked(CUSTOMERS.c.state).in_(THERE))
        case "promises" | "touches" | "tasks":
            kinds = {
                "promises": ("promise",),
                "touches": ("touch",),
                "tasks": ("next-step", "case"),
            }
            table, holder = TASKS, TASKS.c.assignee_id
            found = _of(table, holder).where(
                asked(TASKS.c.status) == "open",
                TASKS.c.state == "active",
                TASKS.c.kind.in_(kinds[kind]),
            )
        case "cases":
            table, holder = CASES, CASES.c.assignee_id
            found = _open(_of(table, holder).select_from(CASES))
        case "seats":
            table, holder = MEMBERS, MEMBERS.c.user_id
            seats = MEMBERS.join(CASES, CASES.c.id == MEMBERS.c.case_id)
            found = _open(_of(table, holder).select_from(seats))
        case _:
            table, holder = IMPROVEMENTS, IMPROVEMENTS.c.owner_id
            found = _of(table, holder).where(
                IMPROVEMENTS.c.state == "active", IMPROVEMENTS.c.status == "open"
            )
    found = found.where(asked(holder).in_(user_ids))
    return found if among is None else found.where(table.c.id.in_(among))


def _of(table: Any, holder: Any) -> Select[Any]:
    return select(table.c.id, holder.label("user_id"))


def _open(statement: Select[Any]) -> Select[Any]:
    facts = select(CASE_FACTS.c.case_id).where(CASE_FACTS.c.is_open)
    return statement.where(CASES.c.state == "active", CASES.c.id.in_(facts))


def counts_of(user_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How much each of these people has, by kind; those who have nothing are left out."""
    if not user_ids:
        return {}
    parts = []
    for kind in KINDS:
        some = theirs(kind, user_ids).subquery()
        parts.append(
            select(some.c.user_id, literal(kind).label("kind"), func.count()).group_by(
                some.c.user_id
            )
        )
    found: dict[int, dict[str, int]] = {}
    for user_id, kind, number in database.session.execute(union_all(*parts)):
        found.setdefault(user_id, {})[kind] = number
    return found


def ids_of(kind: str, user_id: int) -> list[int]:
    """The ids of what somebody has of a kind."""
    rows = database.session.execute(theirs(kind, [user_id])).all()
    return sorted(row.id for row in rows)


def shares(user_id: int, receivers: Sequence[int], way: str) -> dict[int, int]:
    """Who gets which customer."""
    if way == EVENLY:
        return dealt(ids_of("customers", user_id), receivers)
    wanted = select(CUSTOMERS.c.id, CUSTOMERS.c[way].label("name")).where(
        CUSTOMERS.c.owner_id == user_id, CUSTOMERS.c.state.in_(THERE)
    )
    groups: dict[str, list[int]] = {}
    for row in database.session.execute(wanted.order_by(CUSTOMERS.c.id)):
        groups.setdefault(row.name or "", []).append(row.id)
    return together(groups, receivers)


def preview(shared: Mapping[int, int]) -> dict[int, int]:
    """How many customers each gets."""
    found: dict[int, int] = {}
    for to in shared.values():
        found[to] = found.get(to, 0) + 1
    return found
