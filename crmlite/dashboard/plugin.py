"""What the dashboard contributes."""

from flask import Blueprint

from crmlite import hookimpl
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
        )
    ]
