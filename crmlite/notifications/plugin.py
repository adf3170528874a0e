"""What this room contributes: the notification centre, and the choice of kinds on one's profile."""

from datetime import time

from flask import Blueprint
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.jobs import JobKind
from crmlite.notifications import record_types as kinds_of_records
from crmlite.notifications.kinds import kinds
from crmlite.notifications.upkeep import tidy
from crmlite.notifications.views import bp, telling_context
from crmlite.panels import Panel
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


@hookimpl
def register_record_types() -> list[RecordType]:
    """Notifications, and the kinds that people muted."""
    return kinds_of_records.record_types()


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """What keeps them few."""
    return [
        JobKind(
            name="tidy-notifications",
            label=N_("Tidy the notifications"),
            hint=N_("Takes out what people read more than 90 days ago."),
            run=tidy,
            daily_at=time(4, 45),
            long=True,
        )
    ]


@hookimpl
def profile_panels(reader: Reader) -> list[Panel]:
    """Which kinds somebody wants, once there are any."""
    if not kinds():
        return []
    return [
        Panel(
            name="notifications",
            title=_("Notifications"),
            template="notifications/_telling.html",
            context=telling_context(reader),
        )
    ]
