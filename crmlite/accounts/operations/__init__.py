"""What changes people, teams and roles."""

from crmlite.accounts.operations.people import (
    NewUser,
    UserChange,
    change_own_password,
    choose_theme,
    create_user,
    disable_user,
    enable_user,
    set_password,
    update_profile,
    update_user,
)
from crmlite.accounts.operations.roles import NewRole, create_role, set_grants, update_role
from crmlite.accounts.operations.shipped import ensure_shipped
from crmlite.accounts.operations.teams import TeamChange, create_team, update_team

__all__ = [
    "NewRole",
    "NewUser",
    "TeamChange",
    "UserChange",
    "change_own_password",
    "choose_theme",
    "create_role",
    "create_team",
    "create_user",
    "disable_user",
    "enable_user",
    "ensure_shipped",
    "set_grants",
    "set_password",
    "update_profile",
    "update_role",
    "update_team",
    "update_user",
]
