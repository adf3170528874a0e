"""Adding people, changing what is known of them, and closing their door."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crmlite.accounts.models import Role, User
from crmlite.accounts.operations.membership import put_into_teams
from crmlite.accounts.operations.safeguards import keep_someone_in_charge
from crmlite.accounts.sessions import end_all
from crmlite.extensions import database
from crmlite.search.pinyin import name_sort
from crmlite.work import Actor, Refused, operation, records
from crmlite.work.operations import move_epoch

ACTIVE, DISABLED = "active", "disabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUser:
    """Somebody who gets a login.

    `role` is a role's key; `password_hash` comes from `passwords.hashed`, made beforehand.
    """

    login: str
    name: str
    role: str
    password_hash: str
    title: str = ""
    lang: str = ""
    team_ids: Collection[int] = ()
    must_change_password: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class UserChange:
    """What a manager says about somebody. `team_ids` None leaves the teams as they are."""

    login: str
    name: str
    role: str
    title: str = ""
    team_ids: Collection[int] | None = None


@operation("user_created")
def create_user(value: NewUser, *, by: Actor, at: datetime) -> int:
    """Give somebody a login; answers their id.

    Refused: `login_taken`, `role_unknown`.
    """
    _check_login(value.login)
    values = {
        "login": value.login,
        "name": value.name,
        "name_sort": name_sort(value.name, person=True),
        "title": value.title,
        "role_id": _role_id(value.role),
        "state": ACTIVE,
        "password_hash": value.password_hash,
        "password_set_at": at,
        "must_change_password": value.must_change_password,
        "lang": value.lang,
        "theme": "auto",
    }
    user_id = records.insert(User, values)
    put_into_teams(user_id, value.team_ids)
    move_epoch()
    return user_id


@operation("user_updated")
def update_user(
    user_id: int,
    value: UserChange,
    *,
    version: int | None = None,
    spare: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """Change somebody's login, name, title, role or teams.

    Another role ends their sessions, but for the one whose token is `spare`. Raises Stale and Gone.
    Refused: `login_taken`, `role_unknown`, `last_in_charge`.
    """
    _check_login(value.login, but=user_id)
    values = {
        "login": value.login,
        "name": value.name,
        "name_sort": name_sort(value.name, person=True),
        "title": value.title,
        "role_id": _role_id(value.role),
    }
    changed = records.update(User, user_id, values, version=version)
    if value.team_ids is not None:
        put_into_teams(user_id, value.team_ids)
    if "role_id" in changed:
        keep_someone_in_charge()
        end_all(user_id, spare=spare)
    move_epoch()
    return user_id


@operation("profile_updated")
def update_profile(
    user_id: int, *, name: str, lang: str, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Change what people say of themselves. Raises Stale and Gone."""
    records.update(
        User,
        user_id,
        {"name": name, "name_sort": name_sort(name, person=True), "lang": lang},
        version=version,
    )
    move_epoch()
    return user_id


@operation("theme_chosen")
def choose_theme(user_id: int, theme: str, *, by: Actor, at: datetime) -> int:
    """Light, dark, or like the device."""
    records.update(User, user_id, {"theme": theme})
    return user_id


@operation("user_disabled")
def disable_user(user_id: int, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """Let somebody in no more; at once, wherever they are signed in. What is theirs stays theirs.

    Refused: `oneself`, `last_in_charge`.
    """
    if by.user_id == user_id:
        raise Refused("oneself")
    records.update(User, user_id, {"state": DISABLED}, version=version)
    keep_someone_in_charge()
    end_all(user_id)
    move_epoch()
    return user_id


@operation("user_enabled")
def enable_user(user_id: int, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """Let somebody in again, with the password they had."""
    records.update(User, user_id, {"state": ACTIVE}, version=version)
    move_epoch()
    return user_id


@operation("password_set")
def set_password(user_id: int, password_hash: str, *, by: Actor, at: datetime) -> int:
    """Give somebody a new password, which they must change when they sign in; ends all sessions."""
    _put_password(user_id, password_hash, at, must_change=True)
    end_all(user_id)
    return user_id


@operation("password_changed")
def change_own_password(
    user_id: int, password_hash: str, *, spare: str = "", by: Actor, at: datetime
) -> int:
    """Change one's own password; ends all sessions but the one whose token is `spare`."""
    _put_password(user_id, password_hash, at, must_change=False)
    end_all(user_id, spare=spare)
    return user_id


def make_sort_names(user_ids: Collection[int]) -> None:
    """Sort people by the names they have now. Belongs inside an operation."""
    table = User.__table__
    rows = database.session.execute(
        select(table.c.id, table.c.name).where(table.c.id.in_(user_ids))
    )
    names = [{"row_id": row.id, "key": name_sort(row.name, person=True)} for row in rows]
    if names:
        statement = update(table).where(table.c.id == bindparam("row_id"))
        database.session.connection().execute(statement.values(name_sort=bindparam("key")), names)


def _put_password(user_id: int, password_hash: str, at: datetime, *, must_change: bool) -> None:
    values: dict[str, Any] = {
        "password_hash": password_hash,
        "password_set_at": at,
        "must_change_password": must_change,
    }
    records.update(User, user_id, values)


def _check_login(login: str, but: int = 0) -> None:
    table = User.__table__
    found = database.session.execute(select(table.c.id).where(table.c.login == login)).scalar()
    if found not in (None, but):
        raise Refused("login_taken")


def _role_id(key: str) -> int:
    table = Role.__table__
    found = database.session.execute(select(table.c.id).where(table.c.key == key)).scalar()
    if found is None:
        raise Refused("role_unknown")
    return int(found)
