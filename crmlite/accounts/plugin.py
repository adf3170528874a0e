"""What this slice contributes: signing in, people, teams, roles, and the pages for them."""

from typing import TYPE_CHECKING

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.accounts import calendars, pack_parts, record_types
from crmlite.calendars.uses import CalendarUse
from crmlite.declarations import PackPart
from crmlite.navigation import NavigationEntry, SettingsPage, settings_pages
from crmlite.wording import N_
from crmlite.work.record_types import RecordType

if TYPE_CHECKING:
    import click
    from flask import Blueprint

GROUP = N_("Administration")
RIGHTS = {
    "people:manage": N_("Add people, change them, shut them out"),
    "teams:manage": N_("Make teams and say who is in them"),
    "roles:manage": N_("Make roles and say what they may do"),
    "settings:manage": N_("Change the settings of the firm"),
}


@hookimpl
def register_permissions() -> list[Permission]:
    """Rights over people, teams, roles and settings; managers have them as shipped."""
    return [
        Permission(name=name, label=label, group=GROUP, defaults={"manager": "all"})
        for name, label in RIGHTS.items()
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    """People, teams, roles and what hangs on them."""
    return record_types.record_types()


@hookimpl
def register_blueprints() -> "list[Blueprint]":
    """The pages."""
    from crmlite.accounts.views import bp

    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    """The way to the settings, for those who may open any of them."""
    return [
        NavigationEntry(
            key="settings",
            label=N_("Settings"),
            icon="settings",
            endpoint="accounts.settings",
            letter="m",
            group=9,
            weight=90,
            shown=lambda: bool(settings_pages()),
        )
    ]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """People, teams, roles."""
    return [
        SettingsPage(
            key="people",
            label=N_("People"),
            description=N_("Who signs in, with which role; forgotten passwords"),
            icon="users",
            endpoint="accounts.people",
            permission="people:manage",
            weight=10,
        ),
        SettingsPage(
            key="teams",
            label=N_("Teams"),
            description=N_("Who works with whom, and who leads"),
            icon="users-group",
            endpoint="accounts.teams",
            permission="teams:manage",
            weight=11,
        ),
        SettingsPage(
            key="roles",
            label=N_("Roles and rights"),
            description=N_("Who may see and do what"),
            icon="shield-lock",
            endpoint="accounts.roles",
            permission="roles:manage",
            weight=12,
        ),
    ]


@hookimpl
def register_calendar_uses() -> list[CalendarUse]:
    """Teams work by calendars."""
    return [CalendarUse(name="teams", label=N_("Team"), used_by=calendars.used_by)]


@hookimpl
def register_pack_parts() -> list[PackPart]:
    """Rights of packs go with them."""
    return [pack_parts.part()]


@hookimpl
def register_commands() -> "list[click.Command]":
    """`crmlite user …`."""
    from crmlite.accounts.commands import user

    return [user]
