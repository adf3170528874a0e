"""Who is in the firm: people, teams and roles, kept in memory until one of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g
from sqlalchemy import select

from crmlite.accounts.models import Grant, Membership, Role, Team, User
from crmlite.extensions import database
from crmlite.work.epoch import epoch

KEY = "crmlite.roster"
ACTIVE = "active"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with a login, as everyone may know them."""

    id: int
    login: str
    name: str
    title: str
    role_id: int
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleEntry:
    """A role with its rights: `{"customers:see": "own"}`."""

    id: int
    key: str
    label: Mapping[str, str]
    shipped: bool
    version: int
    grants: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamEntry:
    """A team. `listed_ids` are those who were put into it; without a calendar of its own it works by
    the default one."""

    id: int
    key: str
    label: Mapping[str, str]
    lead_id: int | None
    calendar_id: int | None
    version: int
    listed_ids: frozenset[int]

    @property
    def member_ids(self) -> frozenset[int]:
        """Everyone who belongs to it: those listed, and the lead."""
        return self.listed_ids | ({self.lead_id} if self.lead_id is not None else set())


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone as of one epoch: people by name, teams in order, roles as they were made."""

    epoch: int
    people: Mapping[int, Person] = field(default_factory=dict)
    roles: Mapping[int, RoleEntry] = field(default_factory=dict)
    teams: Mapping[int, TeamEntry] = field(default_factory=dict)

    def team_ids(self, user_id: int) -> frozenset[int]:
        """The teams of a person."""
        return frozenset(team.id for team in self.teams.values() if user_id in team.member_ids)

    def mates(self, user_id: int) -> frozenset[int]:
        """Everyone who is in a team with a person, the person included."""
        own = self.team_ids(user_id)
        return frozenset({user_id}).union(*(self.teams[team_id].member_ids for team_id in own))


def roster() -> Roster:
    """Everyone as of this request."""
    known: Roster | None = current_app.extensions.get(KEY)
    now = epoch()
    if known is None or known.epoch != now:
        known = current_app.extensions[KEY] = Roster(now, _people(), _roles(), _teams())
    return known


def newest_roster() -> Roster:
    """Everyone as of now, also when somebody changed it during this request."""
    g.pop("epoch", None)
    return roster()


def forget_roster() -> None:
    """Have everyone read anew, whatever the epoch says: for an operation that adds people and goes on
    with them, and again when it fails."""
    g.pop("epoch", None)
    current_app.extensions.pop(KEY, None)


def _rows(statement: Any) -> list[Any]:
    return list(database.session.execute(statement))


def _people() -> dict[int, Person]:
    table = User.__table__
    columns = (table.c.id, table.c.login, table.c.name, table.c.title, table.c.role_id)
    found = _rows(select(*columns, table.c.state).order_by(table.c.name_sort, table.c.id))
    return {
        row.id: Person(
            id=row.id,
            login=row.login,
            name=row.name,
            title=row.title,
            role_id=row.role_id,
            active=row.state == ACTIVE,
        )
        for row in found
    }


def _roles() -> dict[int, RoleEntry]:
    table, grant = Role.__table__, Grant.__table__
    grants: dict[int, dict[str, str]] = {}
    for row in _rows(select(grant.c.role_id, grant.c.permission, grant.c.scope)):
        if row.scope:
            grants.setdefault(row.role_id, {})[row.permission] = row.scope
    return {
        row.id: RoleEntry(
            id=row.id,
            key=row.key,
            label=row.label,
            shipped=row.shipped,
            version=row.version,
            grants=grants.get(row.id, {}),
        )
        for row in _rows(select(table).order_by(table.c.id))
    }


def _teams() -> dict[int, TeamEntry]:
    table, member = Team.__table__, Membership.__table__
    members: dict[int, set[int]] = {}
    for row in _rows(select(member.c.team_id, member.c.user_id)):
        members.setdefault(row.team_id, set()).add(row.user_id)
    return {
        row.id: TeamEntry(
            id=row.id,
            key=row.key,
            label=row.label,
            lead_id=row.lead_id,
            calendar_id=row.calendar_id,
            version=row.version,
            listed_ids=frozenset(members.get(row.id, ())),
        )
        for row in _rows(select(table).order_by(table.c.position, table.c.id))
    }
