"""What importing contributes."""

from datetime import datetime, time
from typing import Any

import click
from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.imports import checks, uploads, working
from crmlite.imports.commands import imports
from crmlite.imports.models import ORDERS, Import, ImportNote
from crmlite.imports.objects.targets import kind_of
from crmlite.imports.operations import runs, undoing
from crmlite.imports.queries import outdated, uids
from crmlite.imports.views import bp
from crmlite.jobs import JobKind, Lease
from crmlite.navigation import NavigationEntry
from crmlite.panels import Action
from crmlite.wording import N_
from crmlite.work import Actor
from crmlite.work.checks import Check
from crmlite.work.record_types import RecordType


@hookimpl
def register_permissions() -> list[Permission]:
    return [
        Permission(
            name="customers:import",
            label=N_("Import customers and orders from files, new ones too"),
            group=N_("Customers"),
            defaults={"manager": "all"},
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    """Imports, for what is done with them as a whole."""
    return [
        RecordType(
            name="import",
            label=N_("Import"),
            many=N_("Imports"),
            model=Import,
            icon="file-import",
            operations={
                "import_begun": N_("File brought for an import"),
                "import_started": N_("Import started"),
                "customers_imported": N_("Customers imported"),
                "orders_imported": N_("Orders imported"),
                "import_undone": N_("Import undone"),
                "import_resumed": N_("Import gone on with"),
                "import_discarded": N_("File of an import discarded"),
            },
        )
    ]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=runs.CHECK,
            label=N_("Look at a file to be imported"),
            run=working.check,
            long=True,
        ),
        JobKind(
            name=runs.CARRY_OUT,
            label=N_("Carry out an import"),
            run=working.carry_out,
            long=True,
        ),
        JobKind(
            name=runs.TAKE_BACK,
            label=N_("Undo an import"),
            run=undoing.carry_out_undo,
            long=True,
        ),
        JobKind(
            name=runs.FORGET,
            label=N_("Clear up after a file that was discarded"),
            run=working.forget,
            long=True,
        ),
        JobKind(
            name="tidy-imports",
            label=N_("Throw the files of old imports away"),
            hint=N_("Files lie encrypted for 30 days, so that failed rows can be had again."),
            run=tidy,
            daily_at=time(4, 50),
            long=True,
        ),
    ]


def tidy(_payload: Any, *, by: Actor, at: datetime, lease: Lease) -> None:
    """Throw away files that are older than they are kept, with what was said about their rows, and
    what was left behind of others."""
    for import_id in outdated(at):
        while runs.clear(import_id, of=(ImportNote,), by=by, at=at):
            lease.renew()
        runs.let_file_go(import_id, by=by, at=at)
    uploads.tidy(uids(), at)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="imports",
            label=N_("Import"),
            icon="file-import",
            endpoint="imports.overview",
            permission="customers:import",
            group=9,
            weight=-20,
        )
    ]


@hookimpl
def register_checks() -> list[Check]:
    return [checks.check()]


@hookimpl
def customer_list_actions(query: str, reader: Reader) -> list[Action]:
    if not reader.may("customers:import"):
        return []
    return [
        Action(
            name="import",
            label=_("Import"),
            icon="file-import",
            url=url_for("imports.overview"),
            weight=20,
            drawer=False,
            begins=True,
        )
    ]


@hookimpl
def order_list_actions(query: str, reader: Reader) -> list[Action]:
    if not (reader.may("customers:import") and reader.may("orders:create")):
        return []
    return [
        Action(
            name="import",
            label=_("Import"),
            icon="file-import",
            url=url_for("imports.overview", about=ORDERS),
            weight=20,
            drawer=False,
            begins=True,
        )
    ]


@hookimpl
def object_list_actions(name: str, query: str, reader: Reader) -> list[Action]:
    if not reader.may("customers:import") or kind_of(name) is None:
        return []
    return [
        Action(
            name="import",
            label=_("Import"),
            icon="file-import",
            url=url_for("imports.overview", about=name),
            weight=20,
            drawer=False,
        )
    ]


@hookimpl
def register_commands() -> list[click.Command]:
    return [imports]
