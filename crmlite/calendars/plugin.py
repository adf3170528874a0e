"""What this slice contributes: working calendars, their pages, and `crmlite clock`."""

from datetime import time
from typing import TYPE_CHECKING

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.calendars import record_types, shipped
from crmlite.calendars.operations.news import follow_country, follow_zone, look_for_news
from crmlite.jobs.kinds import JobKind
from crmlite.navigation import SettingsPage
from crmlite.settings.catalogue import SettingFollower
from crmlite.wording import N_
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData

if TYPE_CHECKING:
    import click
    from flask import Blueprint


@hookimpl
def register_permissions() -> list[Permission]:
    """Who says when people work."""
    return [
        Permission(
            name=record_types.RIGHT,
            label=N_("Change working calendars: hours, holidays, make-up days"),
            group=N_("Administration"),
            defaults={"manager": "all"},
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    """Calendars, and days of them."""
    return record_types.record_types()


@hookimpl
def register_blueprints() -> "list[Blueprint]":
    """The pages."""
    from crmlite.calendars.views import bp

    return [bp]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """Their entry."""
    return [
        SettingsPage(
            key="calendars",
            label=N_("Working calendars"),
            description=N_("When people work: weekly hours, holidays, make-up days"),
            icon="calendar-time",
            endpoint="calendars.overview",
            permission=record_types.RIGHT,
            weight=13,
        )
    ]


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    """The default calendar."""
    return [shipped.shipped_data()]


@hookimpl
def register_setting_followers() -> list[SettingFollower]:
    """Calendars without a place of their own are where the firm is."""
    return [
        SettingFollower(name="calendar-zones", setting="timezone", changed=follow_zone),
        SettingFollower(name="calendar-countries", setting="country", changed=follow_country),
    ]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """Official days are announced year by year."""
    return [
        JobKind(
            name="official-days",
            label=N_("Look for newly announced holidays"),
            hint=N_("A new version may know more; due times are then made anew."),
            run=lambda _payload, *, by, at: look_for_news(by=by, at=at),
            daily_at=time(3, 20),
        )
    ]


@hookimpl
def register_commands() -> "list[click.Command]":
    """`crmlite clock …`."""
    from crmlite.calendars.commands import clock

    return [clock]
