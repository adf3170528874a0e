"""What this slice contributes: backups by themselves and by hand, and proof that the book is whole."""

from typing import TYPE_CHECKING

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.backups import models
from crmlite.health import HealthCheck
from crmlite.jobs.kinds import JobKind
from crmlite.navigation import SettingsPage
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_
from crmlite.work import chain  # noqa: F401 - registers the fences round the ledger
from crmlite.work.checks import Check
from crmlite.work.record_types import RecordType

if TYPE_CHECKING:
    import click
    from flask import Blueprint

GROUP = N_("Running crmlite")
MANAGE = "backups:manage"


@hookimpl
def register_permissions() -> list[Permission]:
    """Who may see, make and take away backups."""
    return [
        Permission(
            name=MANAGE,
            label=N_("See, make and download backups"),
            group=GROUP,
            defaults={"manager": "all"},
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    """Backups, for the change record."""
    return [
        RecordType(
            name="backup",
            label=N_("Backup"),
            model=models.BackupRow,
            icon="database-export",
            title="name",
            labels={
                "name": N_("File"),
                "made_at": N_("Made"),
                "bytes": N_("File size"),
                "rows": N_("Rows"),
                "encrypted": N_("Encrypted"),
                "proven_at": N_("Tried"),
                "downloaded": N_("Downloaded"),
                "restored": N_("Restored"),
            },
            operations={
                "backup_made": N_("Backup made"),
                "backup_failed": N_("Backup failed"),
                "backup_proven": N_("Backup tried"),
                "backup_downloaded": N_("Backup downloaded"),
                "backup_restored": N_("Book restored from a backup"),
                "backup_requested": N_("Backup asked for"),
                "keys_rotated": N_("Keys changed"),
                "values_resealed": N_("Values sealed with the new key"),
            },
        )
    ]


@hookimpl
def register_settings() -> list[Setting]:
    """Whether backups are encrypted."""
    return [
        Setting(
            name="encrypt_backups",
            label=N_("Encrypt backups"),
            kind="boolean",
            default=False,
            hint=N_(
                "Sealed values and keys are unreadable in every backup. With this, names and "
                "conversations are, too: nothing opens it but the recovery code."
            ),
            group=N_("Backups"),
        )
    ]


@hookimpl
def register_blueprints() -> "list[Blueprint]":
    """The page under Settings."""
    from crmlite.backups.views import blueprint

    return [blueprint]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """Its entry."""
    return [
        SettingsPage(
            key="backups",
            label=N_("Backups"),
            description=N_("Copies of the whole book: when they were made, and whether they work"),
            icon="database-export",
            endpoint="backups.overview",
            permission=MANAGE,
            weight=70,
        )
    ]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """Sealing each minute, a backup each day, a trial each week."""
    from crmlite.backups.jobs import kinds

    return kinds()


@hookimpl
def register_checks() -> list[Check]:
    """What `crmlite check` looks at by itself."""
    from crmlite.backups.checks import checks

    return checks()


@hookimpl
def register_health_checks() -> list[HealthCheck]:
    """How old the newest backup is, for monitoring; an old one makes nothing unready."""
    from crmlite.backups.queries import freshness

    return [HealthCheck(name="backup", look=freshness, fatal=False)]


@hookimpl
def register_commands() -> "list[click.Command]":
    """`crmlite backup`, `restore`, `check` and `keys …`."""
    from crmlite.backups.commands import backup, check, restore
    from crmlite.backups.keys_commands import keys

    return [backup, restore, check, keys]
