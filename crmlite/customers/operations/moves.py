"""Moving customers along: life-cycle and stage, with the guard that asks what is missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.guards import lacking
from crmlite.customers.models import Customer, Facts, Need
from crmlite.extensions import database
from crmlite.settings.queries import local_day
from crmlite.work import Actor, Gone, Refused, current, operation, records, tell

ASKED = {"urgency": "urgency", "stage": "stage", "reason": "reason", "need": "urgency"}
"""What can be asked for in the step of the move. A need is opened with its urgency."""


@operation("customer_moved")
def move_stage(
    customer_id: int, stage: str, *, by: Actor, at: datetime, version: int | None = None
) -> int:
    """Set the stage; answers the id of the operation, 0 when it was there already."""
    return _move(customer_id, {"stage": stage}, version)


@operation("customer_moved")
def move_lifecycle(
    customer_id: int,
    lifecycle: str,
    *,
    by: Actor,
    at: datetime,
    stage: str | None = None,
    urgency: str | None = None,
    reason: str | None = None,
    version: int | None = None,
) -> int:
    """Set the life-cycle state with what its guard asks for.

    From potential to interested an open need must have an urgency (one is opened, or the open one
    completed, with `urgency`) and the new stage is set in the same step; lost asks for a reason, which
    stays where who is lost already is moved there without one; packs may ask for more. Raises Refused:
    `urgency-needed`, `stage-needed`, `reason-needed`, params say all that is missing;
    `move-not-allowed`, `move-refused` where a guard of a pack says why in the `text` of its params.
    """
    row = _row(customer_id)
    missing = missing_for(row, lifecycle, stage=stage, urgency=urgency, reason=reason)
    if missing:
        raise Refused(f"{missing[0]}-needed", {"missing": missing})
    if urgency:
        _note_urgency(customer_id, urgency, at)
    values = {"lifecycle": lifecycle}
    if stage:
        values["stage"] = stage
    if reason or lifecycle != row["lifecycle"]:
        values["lost_reason"] = reason if lifecycle == "lost" else None
    return _move(customer_id, values, version, facts=True)


def missing_for(
    row: Mapping[str, Any],
    lifecycle: str,
    *,
    stage: str | None,
    urgency: str | None,
    reason: str | None,
) -> list[str]:
    """What a move still lacks: `urgency`, `stage`, `reason`; `row` is the customer with its urgency.

    Raises Refused (`move-not-allowed`, `move-refused`) for a move that no addition makes possible.
    """
    missing = lacking(row, lifecycle, stage=stage, urgency=urgency, reason=reason)
    for one in missing:
        if one.asks_for not in ASKED:
            raise Refused("move-refused" if one.text else "move-not-allowed", {"text": one.text})
    return list(dict.fromkeys(ASKED[one.asks_for] for one in missing))


def _note_urgency(customer_id: int, urgency: str, at: datetime) -> None:
    """Put the urgency on the newest open need, or open one."""
    table = Need.__table__
    need_id = database.session.execute(
        select(table.c.id)
        .where(
            table.c.customer_id == customer_id,
            table.c.state == "active",
            table.c.status.in_(("open", "proposed")),
        )
        .order_by(table.c.id.desc())
        .limit(1)
    ).scalar()
    if need_id is not None:
        records.update(Need, need_id, {"urgency": urgency})
    else:
        records.insert(
            Need,
            {"customer_id": customer_id, "urgency": urgency, "opened_on": local_day(at)},
        )


def _move(
    customer_id: int, values: Mapping[str, Any], version: int | None, *, facts: bool = False
) -> int:
    records.update(Customer, customer_id, values, version=version)
    if not current().changes:  # of the customer, or of its needs
        return 0
    follow([customer_id], names=False, facts=facts)
    tell("customer_changed", customer_id=customer_id)
    return current().id


def _row(customer_id: int) -> Mapping[str, Any]:
    customers, facts = Customer.__table__, Facts.__table__
    row = (
        database.session.execute(
            select(customers, facts.c.urgency)
            .select_from(customers.join(facts, facts.c.customer_id == customers.c.id))
            .where(customers.c.id == customer_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise Gone("customer", customer_id)
    return row
