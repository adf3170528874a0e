"""What figures contribute: their pages."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.metrics.views import bp
from crmlite.navigation import NavigationEntry
from crmlite.wording import N_


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    """The entry of the side."""
    return [
        NavigationEntry(
            key="reports",
            label=N_("Reports"),
            icon="report",
            endpoint="metrics.record_keeping",
            group=2,
            weight=40,
        )
    ]
