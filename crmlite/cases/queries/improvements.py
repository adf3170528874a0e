"""Improvements as their pages show them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from crmlite.cases.models import Case, Improvement, ImprovementCase
from crmlite.cases.queries.policies import one_of
from crmlite.customers.models import Customer
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database

Row = Mapping[str, Any]
IMPROVEMENTS, PARTS = Improvement.__table__, ImprovementCase.__table__
CASES, CUSTOMERS = Case.__table__, Customer.__table__
OPEN, CLOSED = "open", "closed"
SETTLED = ("done", "dropped")
SIZE, OFFERED = 50, 20
MOST_COUNTED = 1000


def improvement(improvement_id: int) -> Row:
    """An improvement; 404 when there is none."""
    return one_of(IMPROVEMENTS, improvement_id)


def improvements(status: str, cursor: str = "") -> Page:
    """A page of the improvements that are OPEN, by their day, or CLOSED, the last changed first; each
    with how many cases it is about (`cases`) and how many of their customers were told (`told`).
    Raises BadCursor."""
    key = "due_on" if status == OPEN else "updated_at"
    sort = Sort(status, IMPROVEMENTS.c[key], descending=status == CLOSED)
    wanted = select(
        IMPROVEMENTS, _tied().label("cases"), _tied(PARTS.c.told_at.is_not(None)).label("told")
    ).where(*_having(status))
    statement = ordered(wanted, sort, IMPROVEMENTS.c.id, cursor, SIZE)
    rows = database.session.execute(statement).mappings().all()
    return cut(rows, sort, cursor, SIZE, key=key, id_key="id")


def _tied(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    wanted = select(func.count()).where(PARTS.c.improvement_id == IMPROVEMENTS.c.id, *which)
    return wanted.correlate(IMPROVEMENTS).scalar_subquery()


def _having(status: str) -> tuple[ColumnElement[bool], ...]:
    kinds = (OPEN,) if status == OPEN else SETTLED
    return (IMPROVEMENTS.c.state == "active", IMPROVEMENTS.c.status.in_(kinds))


def improvements_counted(status: str) -> int:
    """How many there are; counted to MOST_COUNTED."""
    some = select(IMPROVEMENTS.c.id).where(*_having(status)).limit(MOST_COUNTED).subquery()
    return int(database.session.execute(select(func.count()).select_from(some)).scalar_one())


def improvements_for(case_id: int, text: str) -> list[Row]:
    """Open improvements that a case does not belong to and whose title has a text in it, by their
    day; the first of them."""
    known = select(PARTS.c.improvement_id).where(PARTS.c.case_id == case_id)
    fits = func.lower(IMPROVEMENTS.c.title).contains(text.lower(), autoescape=True)
    wanted = (
        select(IMPROVEMENTS)
        .where(*_having(OPEN), IMPROVEMENTS.c.id.not_in(known), fits)
        .order_by(IMPROVEMENTS.c.due_on.asc().nulls_last(), IMPROVEMENTS.c.id)
    )
    return list(database.session.execute(wanted.limit(OFFERED)).mappings())


def sufferers(improvement_id: int) -> list[Row]:
    """The cases that an improvement is about, with their customers and whether these were told."""
    wanted = (
        select(
            CASES.c.id,
            CASES.c.number,
            CASES.c.subject,
            CASES.c.assignee_id,
            CUSTOMERS.c.name.label("customer"),
            CUSTOMERS.c.number.label("customer_number"),
            CUSTOMERS.c.owner_id,
            PARTS.c.told_at,
            PARTS.c.told_by_id,
            PARTS.c.told_how,
        )
        .select_from(
            PARTS.join(CASES, CASES.c.id == PARTS.c.case_id).join(
                CUSTOMERS, CUSTOMERS.c.id == CASES.c.customer_id
            )
        )
        .where(PARTS.c.improvement_id == improvement_id, CASES.c.state == "active")
        .order_by(PARTS.c.told_at.is_not(None), CASES.c.id)
    )
    return list(database.session.execute(wanted).mappings())
