"""Which teams work by which calendar, and who is told when one chooses another."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from crmlite.accounts.models import Team
from crmlite.calendars.queries import as_written
from crmlite.extensions import database
from crmlite.work import Refused, tell

TEAMS = Team.__table__


def used_by(calendar_id: int) -> list[Mapping[str, str]]:
    """The names of the teams that have chosen a calendar."""
    wanted = select(TEAMS.c.label).where(TEAMS.c.calendar_id == calendar_id)
    return list(database.session.execute(wanted.order_by(TEAMS.c.position)).scalars())


def refuse_gone(calendar_id: int | None) -> None:
    """Refuses (`calendar_gone`) a calendar that is not there any more. Belongs inside an operation
    that moves the epoch."""
    if calendar_id is None:
        return
    found = as_written().entries.get(calendar_id)
    if found is None or not found.active:
        raise Refused("calendar_gone")


def keep_calendars(team_ids: Collection[int]) -> None:
    """The same for all these teams, after an undo."""
    for calendar_id in _chosen(team_ids):
        refuse_gone(calendar_id)


def tell_calendars(team_ids: Collection[int]) -> None:
    """Have due times of these teams made anew: they work by another calendar."""
    default = as_written().default.id
    for calendar_id in {chosen or default for chosen in _chosen(team_ids)}:
        tell("calendar_changed", calendar_id=calendar_id)


def _chosen(team_ids: Collection[int]) -> list[int | None]:
    wanted = select(TEAMS.c.calendar_id).where(TEAMS.c.id.in_(team_ids))
    return list(database.session.execute(wanted).scalars())
