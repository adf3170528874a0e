"""Files of interactions: how an interaction is found for them, and the clip in the timeline."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from crmlite.access import Reader, visible_to
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.files.attachables import EDIT, SEE, Attachable, Target
from crmlite.followups.models import Interaction
from crmlite.wording import N_

Row = Mapping[str, Any]
TALKS, CUSTOMERS = Interaction.__table__, Customer.__table__


def attachable() -> Attachable:
    """Interactions take files."""
    return Attachable(
        record_type="interaction",
        label=N_("Follow-up"),
        find=_find,
        event="customer-changed",
    )


def clip(row: Row, customer: Row, reader: Reader) -> dict[str, Any] | None:
    """The way to the files of an interaction with their `number`; None where there are none and none
    can be added."""
    owner_id = customer["owner_id"]
    may_add = customer["state"] == "active" and reader.covers(EDIT, owner_id)
    if not reader.covers(SEE, owner_id) or not (row["files"] or may_add):
        return None
    url = url_for("files.of_record", kind="interaction", record_id=row["id"])
    return {"url": url, "number": row["files"]}


def _find(reader: Reader, interaction_id: int, *, change: bool) -> Target | None:
    """An interaction whose customer the reader sees, and of whom they may read what was said."""
    columns = (CUSTOMERS.c[name] for name in ("id", "number", "name", "owner_id", "state"))
    statement = (
        select(*columns)
        .select_from(TALKS.join(CUSTOMERS, CUSTOMERS.c.id == TALKS.c.customer_id))
        .where(TALKS.c.id == interaction_id, TALKS.c.state == "active")
    )
    also = ("archived",) if reader.may("customers:see_archived") and not change else ()
    seen: Any = visible_to(
        reader, statement, states=("active", *also), permission="interactions:see"
    )
    row = database.session.execute(seen).first()
    if row is None:
        return None
    return Target(
        customer_id=row.id,
        owner_id=row.owner_id,
        url=url_for("customers.show", number=row.number),
        title=row.name,
    )
