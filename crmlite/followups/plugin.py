"""What follow-ups contribute."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers.following import FactsPart, OwnedPart
from crmlite.customers.timeline import TimelineSource
from crmlite.followups import facts, handing_over, rights, timeline
from crmlite.followups import record_types as kinds
from crmlite.followups.composer import on_top
from crmlite.followups.views import bp
from crmlite.panels import Action, Panel
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
def register_facts() -> list[FactsPart]:
    return [FactsPart(name="followups", refresh=facts.refresh)]


@hookimpl
def register_owned_parts() -> list[OwnedPart]:
    return [OwnedPart(name="next-steps", go_along=handing_over.go_along)]


@hookimpl
def register_timeline() -> list[TimelineSource]:
    return timeline.sources()


@hookimpl
def customer_actions(customer: Any, reader: Reader) -> list[Action]:
    found = []
    if reader.covers("interactions:create", customer["owner_id"]):
        found.append(
            Action(
                name="log-contact",
                label=_("Log contact"),
                icon="pencil",
                url=url_for("followups.new_interaction", number=customer["number"]),
            )
        )
    if reader.covers("tasks:edit", customer["owner_id"]):
        found.append(
            Action(
                name="next-step",
                label=_("Next step"),
                icon="square-check",
                url=url_for("followups.new_step", number=customer["number"]),
                weight=10,
            )
        )
    return found


@hookimpl
def customer_composer(customer: Any, reader: Reader) -> list[Panel]:
    return on_top(customer, reader)
