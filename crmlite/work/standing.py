"""Whether what an operation did stands: it may be undone, and that undo undone in turn."""

from sqlalchemy import func, select

from crmlite.extensions import database
from crmlite.work.ledger import OperationRow

OPERATIONS = OperationRow.__table__


def standing(operation_id: int) -> int | None:
    """The operation by which something stands: itself, or the latest that did it again after an undo;
    None while it is undone."""
    while (undone := _undo_of(operation_id)) is not None:
        again = _undo_of(undone)
        if again is None:
            return None
        operation_id = again
    whole = func.coalesce(OPERATIONS.c.part_of_id, OPERATIONS.c.id)
    wanted = select(whole).where(OPERATIONS.c.id == operation_id)
    return database.session.execute(wanted).scalar()


def _undo_of(operation_id: int) -> int | None:
    found = select(OPERATIONS.c.id).where(OPERATIONS.c.undoes_id == operation_id)
    return database.session.execute(found).scalar()
