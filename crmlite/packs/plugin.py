"""What this slice contributes."""

from collections.abc import Mapping
from typing import Any

import click
from flask import Blueprint
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.navigation import NavigationEntry
from crmlite.notifications.kinds import NotificationKind
from crmlite.packs import record_types as kinds
from crmlite.packs import rights
from crmlite.packs.commands import pack
from crmlite.packs.operations import STOPPED
from crmlite.packs.queries import pack as pack_state
from crmlite.packs.views import bp
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType


@hookimpl
def register_permissions() -> list[Permission]:
    return rights.permissions()


@hookimpl
def register_record_types() -> list[RecordType]:
    return kinds.record_types()


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_commands() -> list[click.Command]:
    return [pack]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="packs",
            label=N_("Packs"),
            icon="package",
            endpoint="packs.overview",
            permission=rights.MANAGE,
            group=9,
            weight=-10,
        )
    ]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    return [
        NotificationKind(
            name=STOPPED,
            label=N_("A pack was switched off after failures"),
            icon="alert-triangle",
            words=_stopped,
            url=lambda params: f"/packs/{params['pack']}",
            urgent=True,
        )
    ]


def _stopped(params: Mapping[str, Any], reader: Reader) -> str | None:
    found = pack_state(params["pack"]) if reader.may(rights.MANAGE) else None
    if found is None:
        return None
    return str(_("%(pack)s kept failing and was switched off", pack=label(found.title)))
