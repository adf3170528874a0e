"""What tiers contribute: their points, the quarterly list, pins."""

from datetime import time
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers.following import OwnedPart
from crmlite.declarations import PackPart
from crmlite.jobs import JobKind
from crmlite.navigation import SettingsPage
from crmlite.notifications import NotificationKind
from crmlite.panels import Action
from crmlite.settings.catalogue import SettingFollower
from crmlite.settings.shipped import SCHEME
from crmlite.tiers import rights, schemes, words
from crmlite.tiers.models import TierPin, TierProposal, TierScheme
from crmlite.tiers.operations.pinning import let_go
from crmlite.tiers.operations.reviewing import (
    KIND,
    NOTICE,
    QUARTERLY,
    close_lists,
    close_overtaken,
    propose,
    propose_quarterly,
)
from crmlite.tiers.views import bp
from crmlite.wording import N_
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData

SET = "customers:tier"


@hookimpl
def register_permissions() -> list[Permission]:
    return rights.permissions()


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    return [ShippedData("tiers", shipments=schemes.shipments)]


@hookimpl
def register_setting_followers() -> list[SettingFollower]:
    return [SettingFollower(name="tiers", setting=SCHEME, changed=close_lists)]


@hookimpl
def register_pack_parts() -> list[PackPart]:
    return [PackPart(name="tiers", switched=close_overtaken)]


@hookimpl
def register_owned_parts() -> list[OwnedPart]:
    return [OwnedPart(name="pins", retiered=let_go)]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=QUARTERLY,
            label=N_("Propose tiers for the quarter"),
            hint=N_("Within the first days of a quarter, once."),
            run=propose_quarterly,
            daily_at=time(2, 10),
            long=True,
        ),
        JobKind(
            name=KIND,
            label=N_("Propose tiers"),
            hint=N_("When a manager asks for a list."),
            run=propose,
            long=True,
        ),
    ]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    return [
        NotificationKind(
            name=NOTICE,
            label=N_("Tiers that are proposed"),
            icon="stairs",
            words=words.proposed_words,
            url=words.proposed_url,
        )
    ]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    return [
        SettingsPage(
            key="tiers",
            label=N_("Tiers"),
            description=N_("What gives how many points, and which tier that is"),
            icon="stairs",
            endpoint="tiers.points",
            permission=rights.MANAGE,
            weight=22,
        )
    ]


@hookimpl
def customer_actions(customer: Any, reader: Reader) -> list[Action]:
    if customer["state"] != "active" or not reader.covers(rights.MANAGE, customer["owner_id"]):
        return []
    url = url_for("tiers.pin", number=customer["number"])
    return [Action(name="pin", label=_("Pin the tier"), url=url, icon="stairs", weight=80)]


@hookimpl
def register_record_types() -> list[RecordType]:
    return [
        RecordType(
            name="tier_scheme",
            label=N_("Points of tiers"),
            many=N_("Points of tiers"),
            model=TierScheme,
            icon="stairs",
            title="key",
            edit=rights.MANAGE,
            fixed=("key",),
            labels={
                "key": N_("Key"),
                "factors": N_("Factors"),
                "bounds": N_("Bounds"),
            },
            operations={
                "tier_points_set": N_("Points of tiers set"),
                "tier_review_asked": N_("List of tiers asked for"),
            },
        ),
        RecordType(
            name="tier_pin",
            label=N_("Pinned tier"),
            many=N_("Pinned tiers"),
            model=TierPin,
            icon="stairs",
            title="tier",
            edit=SET,  # whoever let go of a pin by setting another tier takes that back
            fixed=("tier", "reason", "pinned_by_id", "pinned_at"),
            choices={"tier": "tier"},
            labels={
                "tier": N_("Tier"),
                "reason": N_("Reason"),
                "pinned_by_id": N_("Pinned by"),
                "pinned_at": N_("Pinned at"),
            },
            operations={
                "tier_pinned": N_("Tier pinned"),
                "tier_unpinned": N_("Tier not pinned any more"),
            },
        ),
        RecordType(
            name="tier_proposal",
            label=N_("Proposed tier"),
            many=N_("Proposed tiers"),
            model=TierProposal,
            icon="stairs",
            title="after",
            edit=rights.MANAGE,
            labels={"state": N_("State of the proposal")},
            operations={
                "tiers_proposed": N_("Changes of tier proposed"),
                "tiers_accepted": N_("Proposed tiers accepted"),
                "tiers_declined": N_("Proposed tiers declined"),
            },
        ),
    ]
