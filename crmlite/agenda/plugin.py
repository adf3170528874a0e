"""What the calendar contributes."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.agenda.record_types import record_types
from crmlite.agenda.views import bp
from crmlite.navigation import NavigationEntry
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_record_types() -> list[RecordType]:
    """How the change record speaks of feeds."""
    return record_types()


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
