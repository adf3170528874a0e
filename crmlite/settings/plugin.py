"""What this slice contributes: the firm's settings, the editable lists, and the pages for them."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.declarations import PackPart, Section
from crmlite.navigation import SettingsPage
from crmlite.settings import pack_parts, record_types, sections, shipped, values
from crmlite.settings.catalogue import Setting
from crmlite.settings.views import bp
from crmlite.wording import N_
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData


@hookimpl
def register_settings() -> list[Setting]:
    """The settings that every firm has."""
    return shipped.settings()


@hookimpl
def register_record_types() -> list[RecordType]:
    """Settings and values of lists."""
    return record_types.record_types()


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    """Values of lists."""
    return [ShippedData("choices", shipments=values.shipments, then=move_epoch)]


@hookimpl
def register_pack_sections() -> list[Section]:
    """What packs have to be set, their lists and values of lists."""
    return sections.sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    """Settings and lists of packs."""
    return [pack_parts.part()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    """The firm, the lists."""
    return [
        SettingsPage(
            key="firm",
            label=N_("Firm"),
            description=N_("Name, place, currency, numbers, what makes a record complete"),
            icon="building",
            endpoint="settings.firm",
            permission="settings:manage",
            weight=1,
        ),
        SettingsPage(
            key="lists",
            label=N_("Lists"),
            description=N_("Stages, sources, tiers and all else that is chosen from a list"),
            icon="list-details",
            endpoint="settings.lists",
            permission="settings:manage",
            weight=20,
        ),
    ]
