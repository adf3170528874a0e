"""How the change record speaks of records of packs and of their kinds."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from crmlite.fields.following import follow
from crmlite.fields.object_kinds import OBJECT
from crmlite.objects.models import Object, ObjectType
from crmlite.objects.operations.deriving import have_derived
from crmlite.objects.sight import beside, returnable
from crmlite.objects.words import called, worded
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


def record_types() -> list[RecordType]:
    """Kinds, and the records."""
    return [
        RecordType(
            name="object_type",
            label=N_("Kind of records"),
            many=N_("Kinds of pack records"),
            model=ObjectType,
            icon="template",
            title="many",
            fixed=("name", "parent", "state", "owner", "shipped_key", "shipped"),
            gone={"state": "retired"},
            refresh=_renew,
            wording=worded,
            labels={
                "name": N_("Key"),
                "label": N_("What one is called"),
                "many": N_("What several are called"),
                "icon": N_("Icon"),
                "parent": N_("Hangs on"),
                "title": N_("Named by"),
                "day": N_("Dated by"),
                "in_timeline": N_("In the timeline"),
                "listed": N_("In the menu"),
                "position": N_("Position"),
                "state": N_("State"),
                "owner": N_("Pack"),
                "shipped_key": N_("Key"),
                "shipped": N_("What it came with"),
            },
        ),
        RecordType(
            name=OBJECT,
            label=N_("Record"),
            many=N_("Records of packs"),
            model=Object,
            icon="file-text",
            title="called",
            titled=called,
            url=_address,
            see_by={"order_id": "orders:see", "case_id": "cases:see"},
            edit="customers:edit",
            fixed=("state", "type_id", "contact_id", "order_id", "case_id"),
            beside=beside,
            returnable=returnable,
            wording=worded,
            labels={
                "type_id": N_("Kind of records"),
                "contact_id": N_("Contact"),
                "order_id": N_("Order"),
                "case_id": N_("Case"),
                "state": N_("State of the record"),
            },
        ),
    ]


def _address(object_id: Any) -> str:
    return url_for("objects.show", object_id=int(object_id))


def _renew(_ids: Sequence[int]) -> None:
    """Other kinds are offered, or name and date their records otherwise."""
    follow(required=False)
    have_derived()
