"""Deadlines and canned replies as their pages show them."""

from collections.abc import Mapping
from typing import Any

from flask import abort
from sqlalchemy import select

from crmlite.cases.models import CannedReply, CaseTarget
from crmlite.extensions import database

Row = Mapping[str, Any]
TARGETS, REPLIES = CaseTarget.__table__, CannedReply.__table__


def target(target_id: int) -> Row:
    """A deadline; 404 when there is none."""
    return one_of(TARGETS, target_id)


def reply(reply_id: int) -> Row:
    """A canned reply; 404 when there is none."""
    return one_of(REPLIES, reply_id)


def one_of(table: Any, row_id: int) -> Row:
    """A row of a table by its id; 404 when there is none."""
    wanted = select(table).where(table.c.id == row_id, table.c.state == "active")
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        abort(404)
    return row
