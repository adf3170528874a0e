"""What records of packs contribute: their pages, and what they are on the pages of others."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.customers.conditions.asked_fields import AskedFields
from crmlite.customers.following import FactsPart
from crmlite.customers.timeline import TimelineSource
from crmlite.declarations import PackPart, Section
from crmlite.jobs import JobKind
from crmlite.navigation import NavigationEntry
from crmlite.objects import asked_fields, checks, pack_parts, panels, timeline
from crmlite.objects import record_types as types
from crmlite.objects.facts import refresh
from crmlite.objects.kinds import kinds
from crmlite.objects.operations import deriving
from crmlite.objects.sections import sections
from crmlite.objects.shipped import shipments
from crmlite.objects.views import bp
from crmlite.panels import Panel
from crmlite.wording import N_
from crmlite.work.checks import Check
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData


@hookimpl
def register_record_types() -> list[RecordType]:
    return types.record_types()


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    return [ShippedData("objects", shipments=shipments, then=_renew)]


def _renew() -> None:
    """Kinds are others by now, for every process, and so may be the names and days of records."""
    move_epoch()
    deriving.have_derived()


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=deriving.KIND,
            label=N_("Name and date records of packs anew"),
            hint=N_("After a kind of records has got another field that names or dates them."),
            run=deriving.derive,
            long=True,
        )
    ]


@hookimpl
def register_pack_sections() -> list[Section]:
    return sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    return [pack_parts.part()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="objects",
            label="",
            icon="file-text",
            endpoint="objects.index",
            group=8,
            each=_entries,
        )
    ]


def _entries() -> Sequence[NavigationEntry]:
    """The kinds that have an entry of their own."""
    return [
        NavigationEntry(
            key=of.name,
            label=of.many,
            icon=of.icon,
            endpoint="objects.index",
            args={"name": of.name},
            group=8,
            weight=-10,
        )
        for of in kinds()
        if of.listed
    ]


@hookimpl
def register_facts() -> list[FactsPart]:
    return [FactsPart(name="objects", refresh=refresh)]


@hookimpl
def register_asked_fields() -> list[AskedFields]:
    return [AskedFields(name="objects", fields=asked_fields.asked_fields)]


@hookimpl
def register_checks() -> list[Check]:
    return [checks.check()]


@hookimpl
def register_timeline() -> list[TimelineSource]:
    return timeline.sources()


@hookimpl
def customer_tabs(customer: Any, reader: Reader) -> list[Panel]:
    return panels.tabs(customer, reader)


@hookimpl
def order_panels(order: Any, reader: Reader) -> list[Panel]:
    return panels.of_order(order, reader)


@hookimpl
def case_panels(case: Any, reader: Reader) -> list[Panel]:
    return panels.of_case(case, reader)
