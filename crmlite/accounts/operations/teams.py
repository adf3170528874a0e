"""Teams: who leads them and who is in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from crmlite.accounts.calendars import refuse_gone, tell_calendars
from crmlite.accounts.models import Team
from crmlite.accounts.operations.membership import fill_team
from crmlite.db.columns import new_uid
from crmlite.extensions import database
from crmlite.work import Actor, operation, records
from crmlite.work.operations import move_epoch


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamChange:
    """A team: its name in both languages, its lead (a user's id), members (users' ids) and working
    calendar (None for the default one)."""

    label: Mapping[str, str]
    lead_id: int | None = None
    calendar_id: int | None = None
    member_ids: Collection[int] = ()


@operation("team_created")
def create_team(value: TeamChange, *, by: Actor, at: datetime) -> int:
    """Add a team behind the others; answers its id. Refused: `calendar_gone`."""
    refuse_gone(value.calendar_id)
    table = Team.__table__
    last = database.session.execute(select(func.max(table.c.position))).scalar()
    team_id = records.insert(
        Team,
        {
            "key": f"team_{new_uid()}",
            "label": dict(value.label),
            "lead_id": value.lead_id,
            "calendar_id": value.calendar_id,
            "position": (last or 0) + 1,
        },
    )
    fill_team(team_id, value.member_ids)
    move_epoch()
    return team_id


@operation("team_updated")
def update_team(
    team_id: int, value: TeamChange, *, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Change a team's name, lead, calendar and members. Raises Stale and Gone. Refused:
    `calendar_gone`."""
    refuse_gone(value.calendar_id)
    values = {
        "label": dict(value.label),
        "lead_id": value.lead_id,
        "calendar_id": value.calendar_id,
    }
    changed = records.update(Team, team_id, values, version=version)
    if "calendar_id" in changed:
        tell_calendars([team_id])
    if fill_team(team_id, value.member_ids) and not changed:
        table = Team.__table__
        statement = update(table).where(table.c.id == team_id)
        database.session.execute(statement.values(version=table.c.version + 1))
    move_epoch()
    return team_id
