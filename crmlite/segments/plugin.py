"""What segments contribute: a field for conditions, their pages, their right, their changes."""

from typing import Any

from flask import Blueprint, url_for

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.customers.conditions.asked_fields import AskedFields
from crmlite.customers.rights import GROUP
from crmlite.customers.tags.rules import have_all_looked_at, rule_sentence
from crmlite.navigation import SettingsPage
from crmlite.segments.asked_fields import asked_fields
from crmlite.segments.models import Segment
from crmlite.segments.operations import fits_again
from crmlite.segments.views import MANAGE, bp
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


@hookimpl
def register_permissions() -> list[Permission]:
    return [
        Permission(
            name=MANAGE, label=N_("Manage segments"), group=GROUP, defaults={"manager": "all"}
        )
    ]


@hookimpl
def register_asked_fields() -> list[AskedFields]:
    return [AskedFields(name="segments", fields=asked_fields)]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    return [
        SettingsPage(
            key="segments",
            label=N_("Segments"),
            description=N_("Conditions with a name, for lists, tags and strategies"),
            icon="filter",
            endpoint="segments.index",
            permission=MANAGE,
            weight=22,
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    return [
        RecordType(
            name="segment",
            title="label",
            edit=MANAGE,
            fixed=("key",),
            label=N_("Segment"),
            many=N_("Segments"),
            model=Segment,
            icon="filter",
            labels={"label": N_("Name"), "tree": N_("Conditions"), "key": N_("Key")},
            url=lambda segment_id: url_for("segments.edit", segment_id=segment_id),
            wording=_words,
            returnable=fits_again,
            withheld=N_(
                "Conditions that were changed since do not go with this segment as it was. Change them "
                "first."
            ),
            refresh=lambda _ids: have_all_looked_at(),
        )
    ]


def _words(column: str, value: Any) -> str | None:
    return rule_sentence(value) if column == "tree" and value else None
