"""Whose figures are shown: one's own, a colleague's, a team's or everybody's, as for Today."""

from collections.abc import Mapping

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.access.permissions import ALL
from crmlite.accounts.queries import people, teams
from crmlite.followups.whose import Address, Choice, Whose, person_choices, team_choices, whose

EVERYBODY = (("all", "1"),)
RIGHT = "today:others"


def asked(reader: Reader, query: Mapping[str, str]) -> Whose | None:
    """The people that an address names; without a name those whom the reader looks after. None for
    people out of sight."""
    if "who" in query or "team" in query:
        return whose(reader, query.get("who", ""), query.get("team", ""))
    if "all" in query:
        return everybody() if reader.scope(RIGHT) == ALL else None
    return at_start(reader)


def at_start(reader: Reader) -> Whose:
    """Everybody's figures, those of the team that the reader leads, or their own."""
    scope = reader.scope(RIGHT)
    if scope == ALL:
        return everybody()
    led = [team for team in teams() if team.lead_id == reader.user_id]
    found = whose(reader, "", led[0].key) if led and scope else None
    return found or Whose(ids=[reader.user_id], title="", mine=True)


def everybody() -> Whose:
    """All people, also those who are not there any more: what they did stays in the figures."""
    return Whose(
        ids=sorted(people()), title=_("Everybody"), mine=False, is_team=True, query=EVERYBODY
    )


def group_choices(reader: Reader, shown: Whose, address: Address) -> list[Choice]:
    """The reader themselves, everybody and the teams, as far as the reader may look at them."""
    teams_shown = team_choices(reader, shown, address)
    if not teams_shown and not reader.scope(RIGHT):
        return []
    found = [Choice(_("Mine"), address({"who": reader.login}), shown.mine)]
    if reader.scope(RIGHT) == ALL:
        found.append(Choice(_("Everybody"), address(dict(EVERYBODY)), shown.query == EVERYBODY))
    return found + teams_shown


__all__ = ["asked", "at_start", "everybody", "group_choices", "person_choices"]
