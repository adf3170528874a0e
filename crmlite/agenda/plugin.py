"""What the calendar contributes."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.agenda import reminding
from crmlite.agenda.record_types import record_types
from crmlite.agenda.views import bp
from crmlite.jobs import JobKind
from crmlite.navigation import NavigationEntry
from crmlite.notifications import NotificationKind
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_record_types() -> list[RecordType]:
    """How the change record speaks of feeds and of swept weeks."""
    return record_types()


@hookimpl
def register_settings() -> list[Setting]:
    """When people are reminded of the weekly sweep."""
    return reminding.settings_of_sweep()


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """The reminder."""
    return [
        JobKind(
            name=reminding.KIND,
            label=N_("Remind of the weekly sweep"),
            hint=N_("Every half hour it looks whether the hour has come."),
            run=reminding.remind,
            every=reminding.EVERY,
        )
    ]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    """The reminder in words."""
    return [reminding.notification_kind()]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    """The entry of the side."""
    return [
        NavigationEntry(
            key="calendar",
            label=N_("Calendar"),
            icon="calendar",
            endpoint="agenda.calendar",
            group=1,
            weight=40,
            letter="a",
        )
    ]
