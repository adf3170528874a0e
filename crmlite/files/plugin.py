"""What this room contributes: files on records, wherever a slice declares that its records take them."""

from datetime import time

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.files import checks, limits
from crmlite.files import record_types as kinds
from crmlite.files.attachables import EDIT, SEE
from crmlite.files.upkeep import tidy
from crmlite.files.views import bp
from crmlite.jobs import JobKind
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_
from crmlite.work.checks import Check
from crmlite.work.record_types import RecordType

GROUP = N_("Files")


@hookimpl
def register_permissions() -> list[Permission]:
    """Who sees the files of records that they see, and who changes them."""
    return [
        _right(SEE, N_("See attached files")),
        _right(EDIT, N_("Attach files and delete them")),
    ]


def _right(name: str, label: str) -> Permission:
    defaults = {"sales": "own", "support": "all", "manager": "all"}
    return Permission(name=name, label=label, group=GROUP, scoped=True, defaults=defaults)


@hookimpl
def register_record_types() -> list[RecordType]:
    """Attached files."""
    return kinds.record_types()


@hookimpl
def register_settings() -> list[Setting]:
    """What is taken."""
    return limits.declared()


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """What keeps the folder clean."""
    return [
        JobKind(
            name="tidy-attachments",
            label=N_("Tidy the attached files"),
            hint=N_("Lets files go that have been in the recycle bin for 30 days."),
            run=tidy,
            daily_at=time(4, 55),
            long=True,
        )
    ]


@hookimpl
def register_checks() -> list[Check]:
    """Whether they are there, and open."""
    return [checks.check()]
