"""The kinds of records that packs declare, as the rows that they bring."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from crmlite import hooks
from crmlite.extensions import database
from crmlite.fields.object_kinds import ObjectKind
from crmlite.fields.shipped import labelled
from crmlite.objects.models import ObjectType
from crmlite.wording import N_
from crmlite.work.shipped import Shipment

RETIRED = {"state": "retired"}
MISFIT = N_("What a kind of records hangs on never changes.")


def shipments(owner: str) -> Iterator[Shipment]:
    """The kinds of one owner. One that is declared no more is only shown."""
    declared = hooks.declared("register_object_kinds", owner)
    first = _next_position()
    yield Shipment(
        model=ObjectType,
        owner=owner,
        rows={kind.name: _row(kind) for kind in declared},
        gone=RETIRED,
        first={kind.name: {"position": first + i} for i, kind in enumerate(declared)},
        fixed=("name", "parent"),
        misfit=MISFIT,
    )


def _row(kind: ObjectKind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": labelled(kind.label),
        "many": labelled(kind.many),
        "icon": kind.icon,
        "parent": kind.parent,
        "title": kind.title,
        "day": kind.day,
        "in_timeline": kind.in_timeline,
        "listed": kind.listed,
        "state": "active",
    }


def _next_position() -> int:
    found = database.session.execute(select(func.max(ObjectType.__table__.c.position))).scalar()
    return 0 if found is None else found + 1
