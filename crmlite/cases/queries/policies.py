"""Deadlines, canned replies and improvements as their pages show them."""

from collections.abc import Mapping
from typing import Any

from flask import abort
from sqlalchemy import func, select

from crmlite.cases.models import CannedReply, Case, CaseTarget, Improvement, ImprovementCase
from crmlite.customers.models import Customer
from crmlite.extensions import database

Row = Mapping[str, Any]
TARGETS, REPLIES = CaseTarget.__table__, CannedReply.__table__
IMPROVEMENTS, PARTS = Improvement.__table__, ImprovementCase.__table__
CASES, CUSTOMERS = Case.__table__, Customer.__table__
MOST = 200


def target(target_id: int) -> Row:
    """A deadline; 404 when there is none."""
    return _one(TARGETS, target_id)


def reply(reply_id: int) -> Row:
    """A canned reply; 404 when there is none."""
    return _one(REPLIES, reply_id)


def improvement(improvement_id: int) -> Row:
    """An improvement; 404 when there is none."""
    return _one(IMPROVEMENTS, improvement_id)


def improvements() -> list[Row]:
    """Improvements, open ones first by their day, each with how many cases it is about (`cases`) and
    how many of their customers were told (`told`)."""
    wanted = (
        select(
            IMPROVEMENTS,
            func.count(PARTS.c.id).label("cases"),
            func.count(PARTS.c.told_at).label("told"),
        )
        .select_from(IMPROVEMENTS.outerjoin(PARTS, PARTS.c.improvement_id == IMPROVEMENTS.c.id))
        .where(IMPROVEMENTS.c.state == "active")
        .group_by(*IMPROVEMENTS.c)
        .order_by(
            IMPROVEMENTS.c.status != "open",
            IMPROVEMENTS.c.due_on.is_(None),
            IMPROVEMENTS.c.due_on,
            IMPROVEMENTS.c.id.desc(),
        )
        .limit(MOST)
    )
    return list(database.session.execute(wanted).mappings())


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


def _one(table: Any, row_id: int) -> Row:
    wanted = select(table).where(table.c.id == row_id, table.c.state == "active")
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        abort(404)
    return row
