"""Who changed a record last, for telling those who were slower."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed something, and when."""

    who: str
    at: datetime


def last_change(record: str, record_id: int) -> Change | None:
    """Who changed a record, or what hangs on it, last."""
    change, done, actor = ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__
    row = database.session.execute(
        select(actor.c.name, done.c.at)
        .select_from(change.join(done, done.c.id == change.c.operation_id))
        .join(actor, actor.c.id == done.c.actor_id)
        .where(change.c.root_type == record, change.c.root_id == record_id)
        .order_by(change.c.id.desc())
        .limit(1)
    ).first()
    return Change(row.name, row.at) if row else None
