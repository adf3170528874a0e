"""Whose Today stands there first."""

from crmlite.access import Reader
from crmlite.accounts.queries import teams
from crmlite.followups.queries.today import has_any
from crmlite.followups.whose import Whose, whose


def at_start(reader: Reader) -> Whose:
    """What an address without a name shows: one's own day, or, to those for whom nothing is
    planned, that of the team they lead or are in, where they may look at it."""
    mine = Whose(ids=[reader.user_id], title="", mine=True)
    if not reader.scope("today:others") or has_any(reader, reader.user_id):
        return mine
    own = [team for team in teams() if reader.user_id in team.member_ids]
    own.sort(key=lambda team: team.lead_id != reader.user_id)
    found = (whose(reader, "", team.key) for team in own)
    return next((team for team in found if team is not None), mine)
