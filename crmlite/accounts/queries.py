"""Questions about people: who there is, who may own customers, who is in whose team."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from crmlite import settings
from crmlite.access import Reader
from crmlite.access.permissions import permissions
from crmlite.accounts.logins import login_form
from crmlite.accounts.models import User
from crmlite.accounts.roster import Person, RoleEntry, TeamEntry, roster
from crmlite.extensions import database
from crmlite.rules.text import unstorable

OWNS = "customers:see"
REACH = ("", "own", "team", "all")


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What signing in needs to know of somebody."""

    id: int
    login: str
    password_hash: str
    password_set_at: datetime
    active: bool


def people() -> Mapping[int, Person]:
    """Everyone who ever had a login, by id, in the order of their names; also the disabled."""
    return roster().people


def person_name(user_id: int | None) -> str:
    """What somebody is called; empty for nobody."""
    found = roster().people.get(user_id) if user_id is not None else None
    return found.name if found else ""


def is_here(user_id: int | None) -> bool:
    """Whether somebody may still sign in."""
    found = roster().people.get(user_id) if user_id is not None else None
    return found is not None and found.active


def ids_here() -> Select[Any]:
    """The ids of those who may still sign in, as a selection: for conditions on whose something is."""
    return select(User.__table__.c.id).where(User.__table__.c.state == "active")


def user_by_login(login: str) -> Person | None:
    """The person with a login, however it is written; None when there is none."""
    wanted = login_form(login)
    return next((person for person in people().values() if person.login == wanted), None)


def reader_of(user_id: int) -> Reader | None:
    """Somebody as a reader, with the rights they have now, for what is done for them when they are not
    signed in. None for who may not sign in any more."""
    everyone = roster()
    person = everyone.people.get(user_id)
    if person is None or not person.active:
        return None
    role = everyone.roles[person.role_id]
    return Reader(
        user_id=person.id,
        login=person.login,
        name=person.name,
        role=role.key,
        zone=str(settings.get("timezone")),
        grants=role.grants,
        mates=everyone.mates(person.id),
        team_ids=everyone.team_ids(person.id),
    )


def holders(right: str) -> list[int]:
    """Those who sign in and have a right, however far it reaches."""
    having = {role.id for role in roles() if role.grants.get(right)}
    return [one.id for one in people().values() if one.active and one.role_id in having]


def owners() -> list[Person]:
    """Who may own customers: active people whose role lets them see customers."""
    found = roster()
    return [
        person
        for person in found.people.values()
        if person.active
        and (OWNS not in permissions() or found.roles[person.role_id].grants.get(OWNS))
    ]


def sees_customers_of(user_id: int | None, owner_id: int | None) -> bool:
    """Whether somebody who is here sees the customers of an owner (None: nobody's). Who does not finds no
    task of theirs on Today, in the calendar or among the reminders."""
    reader = reader_of(user_id) if user_id is not None else None
    return reader is not None and reader.covers(OWNS, owner_id)


def seeing(owner_id: int | None) -> list[Person]:
    """Those of `owners` who see the customers of an owner (None: nobody's)."""
    return [person for person in owners() if sees_customers_of(person.id, owner_id)]


def team_mates(user_id: int) -> frozenset[int]:
    """Ids of everyone in the teams of a person, the person included."""
    return roster().mates(user_id)


def member_ids(team_id: int) -> frozenset[int]:
    """Ids of the members of a team, its lead included; empty for a team that is not there."""
    found = roster().teams.get(team_id)
    return found.member_ids if found else frozenset()


def teams() -> list[TeamEntry]:
    """All teams in their order."""
    return list(roster().teams.values())


def roles() -> list[RoleEntry]:
    """All roles, the shipped ones first."""
    return sorted(roster().roles.values(), key=lambda role: (not role.shipped, role.id))


def role_by_key(key: str) -> RoleEntry | None:
    """A role; None when there is none of that key."""
    return next((role for role in roles() if role.key == key), None)


def user_row(user_id: int) -> Mapping[str, Any] | None:
    """Everything kept of somebody except the password; None when there is nobody."""
    columns = [column for column in User.__table__.c if column.key != "password_hash"]
    statement = select(*columns).where(User.__table__.c.id == user_id)
    row = database.session.execute(statement).mappings().first()
    return dict(row) if row is not None else None


def credentials(login: str) -> Credentials | None:
    """What is kept to check a password of a login; None when nobody has it."""
    if unstorable(login):
        return None
    table = User.__table__
    columns = (table.c.id, table.c.login, table.c.password_hash, table.c.password_set_at)
    row = database.session.execute(
        select(*columns, table.c.state).where(table.c.login == login_form(login))
    ).first()
    if row is None:
        return None
    return Credentials(
        id=row.id,
        login=row.login,
        password_hash=row.password_hash,
        password_set_at=row.password_set_at,
        active=row.state == "active",
    )


def is_within(grants: Mapping[str, str], limit: Mapping[str, str]) -> bool:
    """Whether rights go no further than others do. Those of packs that are off or gone open nothing,
    and nobody could be given them."""
    there = permissions()
    return all(
        REACH.index(scope) <= REACH.index(limit.get(permission, ""))
        for permission, scope in grants.items()
        if permission in there
    )
