"""Who belongs to which team."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from crmlite.accounts.models import Membership
from crmlite.extensions import database
from crmlite.work import records


def put_into_teams(user_id: int, team_ids: Collection[int]) -> bool:
    """Make a person a member of exactly these teams; whether anything changed."""
    column = Membership.__table__.c.user_id
    return _change(column == user_id, "team_id", team_ids, {"user_id": user_id})


def fill_team(team_id: int, user_ids: Collection[int]) -> bool:
    """Make exactly these people the members of a team; whether anything changed."""
    column = Membership.__table__.c.team_id
    return _change(column == team_id, "user_id", user_ids, {"team_id": team_id})


def _change(
    where: ColumnElement[bool], column: str, wanted: Collection[int], fixed: dict[str, int]
) -> bool:
    table = Membership.__table__
    rows = database.session.execute(select(table.c.id, table.c[column]).where(where))
    present = {row[1]: row[0] for row in rows}
    missing, left_over = set(wanted) - set(present), set(present) - set(wanted)
    for one in sorted(missing):
        records.insert(Membership, {column: one, **fixed})
    for one in sorted(left_over):
        records.delete(Membership, present[one])
    return bool(missing or left_over)
