"""What the dashboard contributes."""

from typing import Any

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.dashboard import beside
from crmlite.dashboard.badge import waiting
from crmlite.dashboard.score import forget_shares
from crmlite.dashboard.views import bp
from crmlite.navigation import NavigationEntry
from crmlite.panels import Panel
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
def today_panels(shown: Any, reader: Reader) -> list[Panel]:
    return beside.panels(shown, reader)


@hookimpl
def customer_changed() -> None:
    waiting.forget()


@hookimpl
def customers_planned() -> None:
    waiting.forget()


@hookimpl
def interaction_logged() -> None:
    waiting.forget()
    forget_shares()
