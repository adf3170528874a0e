"""What the dashboard contributes."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.dashboard.views import bp
from crmlite.dashboard.waiting import count_again, waiting
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


@hookimpl
def customer_changed() -> None:
    count_again()


@hookimpl
def interaction_logged() -> None:
    count_again()
