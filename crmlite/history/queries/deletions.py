"""Who deleted a record, when, and together with what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crmlite.extensions import database
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow


@dataclass(frozen=True, slots=True)
class Deletion:
    """How a record came into the recycle bin. `whole_id` is the operation that did it, or the one
    that this was a batch of."""

    record_id: int
    whole_id: int
    at: datetime
    actor_kind: str
    actor_name: str
    root_type: str
    root_id: int


def deletions(record_type: str, record_ids: Collection[int]) -> dict[int, Deletion]:
    """The latest deletion of each of these records, in one statement."""
    if not record_ids:
        return {}
    rows, operations, actors = ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__
    latest = (
        select(func.max(rows.c.id).label("id"))
        .where(
            rows.c.record_type == record_type,
            rows.c.record_id.in_(record_ids),
            rows.c.diff[("state", 1)].as_string() == "deleted",
        )
        .group_by(rows.c.record_id)
        .subquery()
    )
    found = database.session.execute(
        select(
            rows.c.record_id,
            func.coalesce(operations.c.part_of_id, operations.c.id).label("whole_id"),
            operations.c.at,
            actors.c.kind.label("actor_kind"),
            actors.c.name.label("actor_name"),
            rows.c.root_type,
            rows.c.root_id,
        )
        .join(latest, latest.c.id == rows.c.id)
        .join(operations, operations.c.id == rows.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
    ).mappings()
    return {row["record_id"]: Deletion(**row) for row in found}


def deletion_of(record_type: str, record_id: int) -> Deletion | None:
    """How one record was deleted; None when the ledger does not know."""
    return deletions(record_type, [record_id]).get(record_id)
