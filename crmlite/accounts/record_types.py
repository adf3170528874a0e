"""How changes of people, teams and roles read in the change record."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.access.permissions import permissions
from crmlite.accounts.calendars import keep_calendars, tell_calendars
from crmlite.accounts.models import Grant, Membership, Role, Team, User
from crmlite.accounts.operations.people import make_sort_names
from crmlite.accounts.operations.safeguards import keep_someone_in_charge
from crmlite.accounts.queries import is_within
from crmlite.accounts.roster import roster
from crmlite.accounts.sessions import end_shut_out
from crmlite.calendars.choosing import named
from crmlite.wording import N_, label
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import RecordType

STATES = {"active": N_("may sign in"), "disabled": N_("shut out")}
SCOPES = {"": N_("none"), "own": N_("own"), "team": N_("the team’s"), "all": N_("all")}


def record_types() -> list[RecordType]:
    """People, teams, memberships, roles and rights."""
    return [
        RecordType(
            name="user",
            label=N_("Colleague"),
            model=User,
            icon="user",
            title="name",
            labels={
                "login": N_("User name"),
                "name": N_("Full name"),
                "title": N_("Job title"),
                "role_id": N_("Role"),
                "state": N_("Access"),
                "password_set_at": N_("Password set"),
                "must_change_password": N_("Must change the password"),
                "lang": N_("Language"),
                "theme": N_("Appearance"),
            },
            wording=_user,
            refresh=_refresh_people,
            edit="people:manage",
            fixed=("state", "role_id", "login"),
            lasting=("password_set_at", "must_change_password"),
            returnable=_within,
            gone={"state": "disabled"},
            operations={
                "user_disabled": N_("Colleague shut out"),
                "user_enabled": N_("Colleague let in again"),
                "password_set": N_("Password set by a manager"),
                "password_changed": N_("Password changed"),
                "profile_updated": N_("Profile changed"),
                "theme_chosen": N_("Appearance chosen"),
                "arrangements_shipped": N_("Roles and teams as shipped"),
            },
        ),
        RecordType(
            name="team",
            label=N_("Team"),
            model=Team,
            icon="users-group",
            title="label",
            titled=label,
            labels={
                "label": N_("Name"),
                "lead_id": N_("Lead"),
                "calendar_id": N_("Working calendar"),
            },
            wording=_team,
            refresh=_refresh_teams,
            edit="teams:manage",
        ),
        RecordType(
            name="membership",
            label=N_("Member"),
            model=Membership,
            icon="users-group",
            title="user_id",
            titled=_person,
            labels={"user_id": N_("Colleague")},
            wording=_team,
            refresh=_refresh,
            edit="teams:manage",
            fixed=("user_id", "team_id"),
        ),
        RecordType(
            name="role",
            label=N_("Role"),
            model=Role,
            icon="shield-lock",
            title="label",
            titled=label,
            labels={"label": N_("Name")},
            wording=_team,
            refresh=_refresh,
            edit="roles:manage",
            operations={"rights_changed": N_("Rights changed")},
        ),
        RecordType(
            name="grant",
            label=N_("Right"),
            model=Grant,
            icon="shield-lock",
            title="permission",
            titled=_right,
            labels={"permission": N_("Right"), "scope": N_("Reaches")},
            wording=_grant,
            refresh=_refresh,
            edit="roles:manage",
            fixed=("permission", "scope", "role_id"),
        ),
    ]


def _within(reader: Reader, user_id: int, returning: Mapping[str, Any]) -> bool:
    """Nobody gives or takes by undo what they could not on the page of that person: their role, and
    the one that comes back, go no further than the reader's own rights."""
    everyone = roster()
    person = everyone.people.get(user_id)
    role_ids = {person.role_id if person else None, returning.get("role_id")} - {None}
    return all(
        role_id in everyone.roles and is_within(everyone.roles[role_id].grants, reader.grants)
        for role_id in role_ids
    )


def _refresh_people(ids: list[int]) -> None:
    make_sort_names(ids)
    _refresh(ids)
    end_shut_out(ids)


def _refresh_teams(ids: list[int]) -> None:
    _refresh(ids)
    keep_calendars(ids)
    tell_calendars(ids)


def _refresh(_ids: list[int]) -> None:
    """After an undo: every process reads them anew, and somebody is still in charge."""
    move_epoch()
    keep_someone_in_charge()


def _person(user_id: Any) -> str:
    found = roster().people.get(user_id)
    return found.name if found else ""


def _right(name: Any) -> str:
    known = permissions().get(str(name))
    return label(known.label) if known else str(name)


def _user(column: str, value: Any) -> str | None:
    if column == "role_id":
        role = roster().roles.get(value)
        return label(role.label) if role else None
    if column == "state":
        return label(STATES.get(value, str(value)))
    if column == "lang":
        return {"en": "English", "zh": "简体中文"}.get(value, str(_("As the browser asks")))
    return None


def _team(column: str, value: Any) -> str | None:
    if column == "label":
        return label(value)
    if column in ("lead_id", "user_id"):
        return _person(value)
    return named(str(value)) if column == "calendar_id" and value else None


def _grant(column: str, value: Any) -> str | None:
    if column == "permission":
        return _right(value)
    return label(SCOPES[value]) if column == "scope" and value in SCOPES else None
