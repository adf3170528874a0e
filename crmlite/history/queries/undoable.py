"""Whether somebody may undo an operation."""

from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.record_types import record_types

UNDO = "history:undo"


def operation_row(operation_id: int) -> Any:
    """When an operation was done (`at`) and by whom (`user_id`); None when there is none."""
    table, actors = OperationRow.__table__, ActorRow.__table__
    return database.session.execute(
        select(table.c.id, table.c.at, actors.c.user_id)
        .join(actors, actors.c.id == table.c.actor_id)
        .where(table.c.id == operation_id)
    ).first()


def may_undo(reader: Reader, row: Any) -> bool:
    """Whether a reader may undo it: who did it, or holds the right to undo what others did, and
    still may change every kind of record that it changed."""
    if row.user_id != reader.user_id and not reader.may(UNDO):
        return False
    kinds = record_types()
    return all(
        kinds[name].edit == "" or reader.may(kinds[name].edit)
        for name in kinds_changed(row.id)
        if name in kinds
    )


def kinds_changed(operation_id: int) -> set[str]:
    """The kinds of records that an operation changed, its batches included."""
    table, changes = OperationRow.__table__, ChangeRow.__table__
    return set(
        database.session.execute(
            select(changes.c.record_type)
            .distinct()
            .join(table, table.c.id == changes.c.operation_id)
            .where((table.c.id == operation_id) | (table.c.part_of_id == operation_id))
        ).scalars()
    )
