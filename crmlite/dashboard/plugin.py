"""What the dashboard contributes."""

from zoneinfo import ZoneInfo

from flask import Blueprint

from crmlite import clock, hookimpl, settings
from crmlite.access import current_reader
from crmlite.dashboard.today import waiting_on
from crmlite.dashboard.views import bp
from crmlite.navigation import NavigationEntry
from crmlite.wording import N_


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="today",
            label=N_("Today"),
            icon="checklist",
            endpoint="dashboard.today",
            letter="t",
            count=waiting,
        )
    ]


def waiting() -> int:
    """How many next steps wait on the reader by today."""
    return waiting_on(current_reader(), clock.today(ZoneInfo(settings.get("timezone"))))
