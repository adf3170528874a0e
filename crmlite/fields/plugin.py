"""What this room contributes: fields as records, what packs declare of them, and the page for them."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Permission
from crmlite.declarations import PackPart, Section
from crmlite.fields import checks, indexes, pack_parts, record_types
from crmlite.fields.following import follow
from crmlite.fields.sections import sections
from crmlite.fields.shipped import shipments
from crmlite.fields.views import bp
from crmlite.jobs import JobKind
from crmlite.navigation import SettingsPage
from crmlite.wording import N_
from crmlite.work.checks import Check
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData


@hookimpl
def register_permissions() -> list[Permission]:
    """The right to say what is recorded."""
    return [
        Permission(
            name="fields:manage",
            label=N_("Manage fields"),
            group=N_("Administration"),
            defaults={"manager": "all"},
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    """Fields."""
    return record_types.record_types()


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    """The fields of packs."""
    return [ShippedData("fields", shipments=shipments, then=follow)]


@hookimpl
def register_pack_sections() -> list[Section]:
    """`[fields]`."""
    return sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    """The fields of packs, and what records hold in them."""
    return [pack_parts.part()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The page for managers."""
    return [bp]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """Fields."""
    return [
        SettingsPage(
            key="fields",
            label=N_("Fields"),
            description=N_("What is recorded of customers, contacts, cases and orders besides"),
            icon="template",
            endpoint="fields.overview",
            permission="fields:manage",
            weight=21,
        )
    ]


@hookimpl
def register_checks() -> list[Check]:
    """Whether they can all be read."""
    return [checks.check()]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """Making indexes."""
    return [
        JobKind(
            name=indexes.KIND,
            label=N_("Make fields quick"),
            hint=N_("Makes the indexes of fields that are to be quick to filter and sort."),
            run=indexes.make_indexes,
            long=True,
        )
    ]
