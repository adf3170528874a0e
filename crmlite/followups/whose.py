"""Whose work is shown: one person's or a team's, as far as the reader may look at it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crmlite.access import Reader
from crmlite.accounts.queries import owners, people, team_mates, teams
from crmlite.wording import label

Address = Callable[[dict[str, str]], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Whose work is shown: the ids of the people, a `title` that is empty for one's own, which team they
    are where they are one, and what an address says to mean them (`query`)."""

    ids: Sequence[int]
    title: str
    mine: bool
    is_team: bool = False
    team_id: int | None = None
    query: tuple[tuple[str, str], ...] = ()


def whose(reader: Reader, who: str, team: str) -> Whose | None:
    """The people that an address names, as far as the reader may see them; None when not."""
    if not who and not team:
        return Whose(ids=[reader.user_id], title="", mine=True)
    scope = reader.scope("today:others")
    if team:
        found = next((one for one in teams() if one.key == team), None)
        if found is None or not (
            scope == "all" or (scope == "team" and found.id in reader.team_ids)
        ):
            return None
        return Whose(
            ids=sorted(found.member_ids),
            title=label(found.label),
            mine=False,
            is_team=True,
            team_id=found.id,
            query=(("team", team),),
        )
    person = next((one for one in people().values() if one.login == who), None)
    if person is None:
        return None
    if person.id != reader.user_id and not (
        scope == "all" or (scope == "team" and person.id in team_mates(reader.user_id))
    ):
        return None
    return Whose(
        ids=[person.id],
        title=person.name,
        mine=person.id == reader.user_id,
        query=(("who", who),),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody, or a team, whose work may be looked at."""

    label: str
    url: str
    current: bool


def team_choices(reader: Reader, shown: Whose, address: Address) -> list[Choice]:
    """The teams whose work the reader may look at; `address` answers where a query leads."""
    scope = reader.scope("today:others")
    if scope not in ("all", "team"):
        return []
    return [
        Choice(
            label(team.label),
            address({"team": team.key}),
            shown.query == (("team", team.key),),
        )
        for team in teams()
        if team.member_ids and (scope == "all" or team.id in reader.team_ids)
    ]


def person_choices(reader: Reader, shown: Whose, address: Address) -> list[Choice]:
    """The people besides the reader whose work they may look at."""
    scope = reader.scope("today:others")
    if scope not in ("all", "team"):
        return []
    mates = team_mates(reader.user_id)
    return [
        Choice(
            person.name,
            address({"who": person.login}),
            shown.query == (("who", person.login),),
        )
        for person in owners()
        if person.id != reader.user_id and (scope == "all" or person.id in mates)
    ]
