"""Who changed settings or lists last, for telling those who were slower."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow


def last_change(record: str, record_id: int | None = None) -> Mapping[Any, Any] | None:
    """Who changed a record of this kind last (`who`, `at`); None when nobody ever did."""
    change, done, actor = ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__
    statement = (
        select(actor.c.name.label("who"), done.c.at)
        .select_from(change.join(done, done.c.id == change.c.operation_id))
        .join(actor, actor.c.id == done.c.actor_id)
        .where(change.c.record_type == record)
        .order_by(change.c.id.desc())
        .limit(1)
    )
    if record_id is not None:
        statement = statement.where(change.c.record_id == record_id)
    return database.session.execute(statement).mappings().first()
