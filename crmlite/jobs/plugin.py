"""What this slice contributes."""

from datetime import time

import click
from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.health import HealthCheck
from crmlite.jobs import health
from crmlite.jobs.commands import jobs, worker
from crmlite.jobs.kinds import JobKind
from crmlite.jobs.models import Job
from crmlite.jobs.upkeep import tidy
from crmlite.jobs.views import blueprint
from crmlite.navigation import SettingsPage
from crmlite.wording import N_
from crmlite.work.record_types import RecordType

GROUP = N_("Running crmlite")


@hookimpl
def register_permissions() -> list[Permission]:
    """Who sees the background work and who sets it going."""
    return [
        Permission(
            name="jobs:see",
            label=N_("See background work"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
        Permission(
            name="jobs:run",
            label=N_("Start background work by hand"),
            group=GROUP,
            defaults={"manager": "all"},
        ),
    ]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The page under Settings."""
    return [blueprint]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """Its entry."""
    return [
        SettingsPage(
            key="jobs",
            label=N_("Background work"),
            description=N_("What runs by itself, when it last ran, and what failed"),
            icon="clock-play",
            endpoint="jobs.overview",
            permission="jobs:see",
            weight=80,
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    """Background work, for what people decide about it."""
    return [
        RecordType(
            name="job",
            label=N_("Background work"),
            model=Job,
            icon="clock-play",
            operations={
                "job_requested": N_("Background work asked for"),
                "job_retried": N_("Background work tried again"),
                "job_dropped": N_("Background work given up"),
                "job_done": N_("Background work done"),
            },
        )
    ]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """The queue's own upkeep."""
    return [
        JobKind(
            name="tidy-jobs",
            label=N_("Tidy the background work"),
            hint=N_("Takes finished work out of the list after three days."),
            run=tidy,
            daily_at=time(4, 40),
            long=True,
        )
    ]


@hookimpl
def register_health_checks() -> list[HealthCheck]:
    """Whether anybody does the work."""
    return [HealthCheck(name="worker", look=health.worker)]


@hookimpl
def register_commands() -> list[click.Command]:
    """`crmlite worker` and `crmlite jobs …`."""
    return [worker, jobs]
