"""Saying after how many days the steps come."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from crmlite.dormancy.models import DormancyTerm
from crmlite.extensions import database
from crmlite.rules.dormancy import Terms
from crmlite.work import Actor, Refused, current, operation, records

TABLE = DormancyTerm.__table__


@operation("dormancy_term_updated")
def set_terms(
    tier: str, terms: Terms, *, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Give a tier terms of its own, or with an empty one those of all others; answers the id of the
    operation, 0 when nothing changed. Raises Stale, Refused (`terms-out-of-order`)."""
    if _are_out_of_order(terms):
        raise Refused("terms-out-of-order")
    term_id = _id(tier)
    if term_id is None:
        records.insert(DormancyTerm, {"tier": tier, **asdict(terms)})
    elif not records.update(DormancyTerm, term_id, asdict(terms), version=version):
        return 0
    return current().id


@operation("dormancy_term_deleted")
def drop_terms(tier: str, *, by: Actor, at: datetime) -> int:
    """Have a tier go by the terms of all others; answers the id of the operation, 0 when it did."""
    term_id = _id(tier)
    if term_id is None:
        return 0
    records.delete(DormancyTerm, term_id)
    return current().id


def _id(tier: str) -> int | None:
    return database.session.execute(select(TABLE.c.id).where(TABLE.c.tier == tier)).scalar()


def _are_out_of_order(terms: Terms) -> bool:
    """Nobody is archived before being dormant, or dormant before their owner was warned."""
    given = [days for days in (terms.warn, terms.rest, terms.archive) if days is not None]
    return given != sorted(set(given))
