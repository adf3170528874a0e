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


def last_change(record: str, record_id: int | None = None) -> Change | None:
    """Who changed a record, or what hangs on it, last; without an id, any record of the kind.

    None when nobody ever did.
    """
    change, done, actor = ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__
    statement = (
        select(actor.c.name, done.c.at)
        .select_from(change.join(done, done.c.id == change.c.operation_id))
        .join(actor, actor.c.id == done.c.actor_id)
        .where(change.c.root_type == record)
        .order_by(change.c.id.desc())
        .limit(1)
    )
    if record_id is not None:
        statement = statement.where(change.c.root_id == record_id)
    row = database.session.execute(statement).first()
    return Change(row.name, row.at) if row else None
