"""Noting what the ladder did with customers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from crmlite.dormancy.models import Dormancy
from crmlite.extensions import database
from crmlite.work.records import chunks

NOTED = Dormancy.__table__


def note(customer_ids: Sequence[int], **values: Any) -> None:
    """Note the same of many customers. Belongs inside an operation."""
    session = database.session
    for ids in chunks(customer_ids):
        known = select(NOTED.c.customer_id).where(NOTED.c.customer_id.in_(ids))
        there = set(session.execute(known).scalars())
        session.execute(update(NOTED).where(NOTED.c.customer_id.in_(ids)).values(values))
        fresh = [{"customer_id": one, **values} for one in ids if one not in there]
        if fresh:
            session.execute(insert(NOTED), fresh)
