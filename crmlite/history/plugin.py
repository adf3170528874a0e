"""What this slice contributes: the change record, undo, the recycle bin, the ledger."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.history.views import bp
from crmlite.navigation import NavigationEntry, SettingsPage
from crmlite.wording import N_

GROUP = N_("History")
EVERYONE = {"sales": "all", "support": "all", "manager": "all"}
MANAGER = {"manager": "all"}


@hookimpl
def register_permissions() -> list[Permission]:
    """Rights to look back and to put back. They go as far as the right to see or change the record
    itself goes."""
    return [
        Permission(
            name="history:restore",
            label=N_("Put earlier values back"),
            group=GROUP,
            defaults=EVERYONE,
        ),
        Permission(
            name="history:undo",
            label=N_("Undo what others did"),
            group=GROUP,
            defaults=MANAGER,
        ),
        Permission(
            name="history:see_all",
            label=N_("See who did what, and who saw what"),
            group=GROUP,
            defaults=MANAGER,
        ),
        Permission(
            name="trash:see", label=N_("Open the recycle bin"), group=GROUP, defaults=EVERYONE
        ),
        Permission(
            name="trash:restore",
            label=N_("Restore from the recycle bin"),
            group=GROUP,
            defaults=EVERYONE,
        ),
    ]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    """The recycle bin, below."""
    return [
        NavigationEntry(
            key="trash",
            label=N_("Recycle bin"),
            icon="trash",
            endpoint="history.trash",
            permission="trash:see",
            group=9,
            weight=80,
        )
    ]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """The ledger and the log of viewings."""
    return [
        SettingsPage(
            key="ledger",
            label=N_("Ledger"),
            description=N_("Who did what, when and from where"),
            icon="history",
            endpoint="history.ledger",
            permission="history:see_all",
            weight=80,
        ),
        SettingsPage(
            key="viewings",
            label=N_("Who viewed what"),
            description=N_("Who saw phones, e-mails and amounts"),
            icon="eye",
            endpoint="history.viewings",
            permission="history:see_all",
            weight=81,
        ),
    ]
