"""Reading hand-overs, and who left with work undone."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crmlite.accounts.queries import people, teams
from crmlite.extensions import database
from crmlite.handover.finding import counts_of
from crmlite.handover.models import Handover

Row = Mapping[str, Any]
TABLE = Handover.__table__
SHOWN = 20


def latest() -> Sequence[Row]:
    """The last hand-overs, the newest first."""
    wanted = select(TABLE).order_by(TABLE.c.id.desc()).limit(SHOWN)
    return database.session.execute(wanted).mappings().all()


def handover(handover_id: int) -> Row | None:
    """A hand-over; None when there is none."""
    wanted = select(TABLE).where(TABLE.c.id == handover_id)
    return database.session.execute(wanted).mappings().first()


def left_behind() -> dict[int, dict[str, int]]:
    """What those have who may not sign in any more; nothing is read where everybody may."""
    return counts_of([one.id for one in people().values() if not one.active])


def leads(user_id: int) -> list[Any]:
    """The teams that somebody leads: another lead is chosen on the page of each."""
    return [team for team in teams() if team.lead_id == user_id]
