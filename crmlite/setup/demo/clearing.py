"""Takes the demo away again, and nothing else."""

from datetime import datetime

from sqlalchemy import Select, delete, select

from crmlite.accounts.models import User
from crmlite.customers.models import (
    Alias,
    Contact,
    ContactKey,
    Customer,
    CustomerTag,
    Facts,
    Need,
    Remark,
)
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.search.index import remove
from crmlite.setup.demo.loading import DEMO
from crmlite.work import Actor, operation, records
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.operations import move_epoch
from crmlite.work.records import chunks

HANGING = (Task, Interaction, ContactKey, Contact, Need, Remark, Alias, CustomerTag, Facts)


def clear(*, at: datetime) -> dict[str, int]:
    """Remove the demo's customers with all that hangs on them, and close its logins.

    People of the demo stay in the change record and can no longer sign in.
    """
    return _clear(by=DEMO, at=at)


@operation("demo_cleared")
def _clear(*, by: Actor, at: datetime) -> dict[str, int]:
    session = database.session
    customers = list(session.execute(_made("customer")).scalars())
    for ids in chunks(customers):
        for model in HANGING:
            table = model.__table__
            session.execute(delete(table).where(table.c.customer_id.in_(ids)))
        remove("customer", ids)
        for customer_id in ids:
            records.delete(Customer, customer_id)
    people = list(session.execute(_made("user")).scalars())
    table = User.__table__
    active = list(
        session.execute(
            select(table.c.id).where(table.c.id.in_(people), table.c.state == "active")
        ).scalars()
    )
    records.update_many(User, {user_id: {"state": "disabled"} for user_id in active})
    move_epoch()
    return {"customers": len(customers), "people": len(active)}


def _made(record_type: str) -> Select[tuple[int]]:
    """Ids of the records that the demo added and that are still there."""
    changes, operations, actors = (ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__)
    model = {"customer": Customer, "user": User}[record_type].__table__
    by_demo = (
        select(changes.c.record_id)
        .join(operations, operations.c.id == changes.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
        .where(
            changes.c.record_type == record_type,
            changes.c.verb == "create",
            actors.c.kind == DEMO.kind,
            actors.c.name == DEMO.name,
        )
    )
    return select(model.c.id).where(model.c.id.in_(by_demo)).order_by(model.c.id)
