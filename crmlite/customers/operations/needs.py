"""What customers need, and remarks about them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.models import Need, Remark
from crmlite.customers.models.needs import CLOSED
from crmlite.customers.operations.confirming import note_learnt
from crmlite.extensions import database
from crmlite.settings.queries import local_day
from crmlite.work import Actor, Gone, current, operation, records, tell


@operation("need_added")
def add_need(
    customer_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    learnt_at: datetime | None = None,
) -> int:
    """Add a need; answers its id. `learnt_at` is when somebody learnt of it, where they were asked."""
    wanted = {"opened_on": local_day(at), **values, "customer_id": customer_id}
    need_id = records.insert(Need, with_closing_day(wanted, at))
    note_learnt(customer_id, "need", learnt_at, by=by, at=at)
    _changed(customer_id)
    return need_id


@operation("need_updated")
def update_need(
    need_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    learnt_at: datetime | None = None,
) -> int:
    """Change a need; answers the id of the operation, 0 when nothing changed. `learnt_at` is when somebody
    learnt of the change, where they were asked. Raises Stale, Gone.

    A need that is landed or dropped carries the day on which it was.
    """
    customer_id = _customer_of(Need, need_id)
    wanted = with_closing_day(values, at, before=_status_of(need_id))
    if not records.update(Need, need_id, wanted, version=version):
        return 0
    note_learnt(customer_id, "need", learnt_at, by=by, at=at)
    _changed(customer_id)
    return current().id


@operation("need_deleted")
def delete_need(need_id: int, *, by: Actor, at: datetime) -> int:
    """Move a need to the recycle bin."""
    customer_id = _customer_of(Need, need_id)
    records.update(Need, need_id, {"state": "deleted"})
    _changed(customer_id)
    return current().id


@operation("remark_added")
def add_remark(customer_id: int, values: Mapping[str, Any], *, by: Actor, at: datetime) -> int:
    """Add a remark or a risk note; answers its id."""
    remark_id = records.insert(
        Remark, {**values, "customer_id": customer_id, "author_id": by.user_id}
    )
    _changed(customer_id)
    return remark_id


@operation("remark_updated")
def update_remark(
    remark_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Change a remark; answers the id of the operation, 0 when nothing changed."""
    customer_id = _customer_of(Remark, remark_id)
    if not records.update(Remark, remark_id, values, version=version):
        return 0
    _changed(customer_id)
    return current().id


@operation("remark_deleted")
def delete_remark(remark_id: int, *, by: Actor, at: datetime) -> int:
    """Move a remark to the recycle bin."""
    customer_id = _customer_of(Remark, remark_id)
    records.update(Remark, remark_id, {"state": "deleted"})
    _changed(customer_id)
    return current().id


def with_closing_day(
    values: Mapping[str, Any], at: datetime, *, before: str | None = None
) -> dict[str, Any]:
    """Values of a need with the closing day that another status than the one `before` asks for; a new
    need has none before."""
    status = values.get("status", before)
    if status == before:
        return {**values}
    if status not in CLOSED:
        return {**values, "closed_on": None}
    return {**values, "closed_on": values.get("closed_on") or local_day(at)}


def _status_of(need_id: int) -> str | None:
    table = Need.__table__
    return database.session.execute(select(table.c.status).where(table.c.id == need_id)).scalar()


def _changed(customer_id: int) -> None:
    follow([customer_id], names=False)
    tell("customer_changed", customer_id=customer_id)


def _customer_of(model: type, record_id: int) -> int:
    table = model.__table__
    found = database.session.execute(
        select(table.c.customer_id).where(table.c.id == record_id)
    ).scalar()
    if found is None:
        raise Gone(str(table.info["record"]), record_id)
    return int(found)
