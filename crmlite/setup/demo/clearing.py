"""Takes the demo away again, and nothing else."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, exists, or_, select

from crmlite.accounts.models import Membership, Team, User
from crmlite.calendars.models import CalendarDay, WorkingCalendar
from crmlite.customers.models import (
    Alias,
    Contact,
    ContactKey,
    Customer,
    CustomerTag,
    Facts,
    Need,
    Remark,
    Tag,
)
from crmlite.customers.tags.rules import have_all_looked_at
from crmlite.extensions import database
from crmlite.files.models import Attachment
from crmlite.followups.models import ContactStart, Interaction, Task
from crmlite.notifications.models import Notification
from crmlite.objects.models import Object
from crmlite.sales.models import Product
from crmlite.search.index import remove
from crmlite.setup.demo.calendars import clear_calendars
from crmlite.setup.demo.casework import clear_cases
from crmlite.setup.demo.loading import DEMO
from crmlite.setup.demo.selling import clear_products, clear_sales
from crmlite.work import Actor, current, operation, records
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from crmlite.work.operations import move_epoch
from crmlite.work.records import chunks

HANGING = (
    Attachment,
    ContactStart,
    Task,
    Interaction,
    ContactKey,
    Contact,
    Need,
    Remark,
    Alias,
    CustomerTag,
    Facts,
)
MODELS = {
    "customer": Customer,
    "user": User,
    "calendar": WorkingCalendar,
    "calendar_day": CalendarDay,
    "membership": Membership,
    "product": Product,
    "tag": Tag,
}
BATCH = 200


def clear(*, at: datetime) -> dict[str, int]:
    """Remove the demo's customers with all that hangs on them and its tags, and close its logins.

    Customers go in batches that let others write in between; cut short, it goes on when it is
    called again. People of the demo stay in the change record and can no longer sign in.
    """
    customers = list(database.session.execute(_made("customer")).scalars())
    first, gone = 0, 0
    for ids in chunks(customers, BATCH):
        done = _clear_customers(ids, by=DEMO, at=at, part_of=first or None)
        first = first or done["operation"]
        gone += done["customers"]
    people: int = _close_logins(by=DEMO, at=at, part_of=first or None)
    return {"customers": gone, "people": people}


@operation("demo_cleared")
def _clear_customers(ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    objects = Object.__table__
    database.session.execute(delete(objects).where(objects.c.customer_id.in_(ids)))
    clear_cases(ids)
    clear_sales(ids)
    for model in HANGING:
        table = model.__table__
        database.session.execute(delete(table).where(table.c.customer_id.in_(ids)))
    remove("customer", ids)
    gone = records.delete_many(Customer, ids)
    return {"customers": len(gone), "operation": current().id if gone else 0}


@operation("demo_cleared")
def _close_logins(*, by: Actor, at: datetime) -> int:
    session = database.session
    people = list(session.execute(_made("user")).scalars())
    table = User.__table__
    active = list(
        session.execute(
            select(table.c.id).where(table.c.id.in_(people), table.c.state == "active")
        ).scalars()
    )
    records.update_many(User, {user_id: {"state": "disabled"} for user_id in active})
    _leave_teams(people)
    told = Notification.__table__
    session.execute(delete(told).where(told.c.user_id.in_(people)))
    days = session.execute(_made("calendar_day")).scalars().all()
    clear_calendars(session.execute(_made("calendar")).scalars().all(), days)
    clear_products(session.execute(_made("product")).scalars().all())
    _clear_tags()
    move_epoch()
    return len(active)


def _leave_teams(people: Sequence[int]) -> None:
    """Take everybody out of the teams into which the demo put them, but nobody real out of one that the
    firm has peopled since; and these people from their head: who cannot sign in leads nobody."""
    links = Membership.__table__
    made = database.session.execute(_made("membership")).scalars().all()
    real = links.c.user_id.not_in(people)
    peopled = select(links.c.team_id).where(real, links.c.id.not_in(made))
    kept = select(links.c.id).where(real, links.c.team_id.in_(peopled))
    records.delete_many(Membership, set(made).difference(database.session.execute(kept).scalars()))
    table = Team.__table__
    led = select(table.c.id).where(table.c.lead_id.in_(people))
    teams = database.session.execute(led).scalars()
    records.update_many(Team, {team_id: {"lead_id": None} for team_id in teams})


def _clear_tags() -> None:
    """Take away the tags of the demo firm; those that others' customers have are offered no longer, and
    those that others have changed are theirs by now. What packs brought that were switched on with it
    stays theirs."""
    table, links = Tag.__table__, CustomerTag.__table__
    own = _made("tag").where(table.c.shipped_key.is_(None), table.c.id.not_in(_changed_tags()))
    ids = database.session.execute(own).scalars().all()
    used = select(links.c.tag_id).where(links.c.tag_id.in_(ids)).distinct()
    kept = set(database.session.execute(used).scalars())
    records.update_many(Tag, {tag_id: {"retired": True} for tag_id in kept})
    if records.delete_many(Tag, [tag_id for tag_id in ids if tag_id not in kept]):
        have_all_looked_at()  # rules may name them


def _changed_tags() -> Select[tuple[int]]:
    """Ids of the tags that somebody else than the demo has changed."""
    changes, operations, actors = (ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__)
    return (
        select(changes.c.record_id)
        .join(operations, operations.c.id == changes.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
        .where(
            changes.c.record_type == "tag",
            changes.c.verb == records.UPDATED,
            or_(actors.c.kind != DEMO.kind, actors.c.name != DEMO.name),
        )
    )


def holds_only_the_demo() -> bool:
    """Whether the demo was put into the book and nobody has added a customer."""
    table = Customer.__table__
    made = select(_made("customer").subquery().c.id)
    others = database.session.execute(
        select(table.c.id).where(table.c.id.not_in(made)).limit(1)
    ).first()
    return others is None and database.session.execute(made.limit(1)).first() is not None


def _made(record_type: str) -> Select[tuple[int]]:
    """Ids of the records that the demo added and that are still there.

    What others added under the id of one that is gone is not the demo's: SQLite gives ids out again.
    """
    changes, operations, actors = (ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__)
    model = MODELS[record_type].__table__
    later = changes.alias("later")
    since = exists().where(
        later.c.record_type == changes.c.record_type,
        later.c.record_id == changes.c.record_id,
        later.c.id > changes.c.id,
        later.c.verb.in_((records.CREATED, records.DELETED)),
    )
    by_demo = (
        select(changes.c.record_id)
        .join(operations, operations.c.id == changes.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
        .where(
            changes.c.record_type == record_type,
            changes.c.verb == records.CREATED,
            actors.c.kind == DEMO.kind,
            actors.c.name == DEMO.name,
            ~since,
        )
    )
    return select(model.c.id).where(model.c.id.in_(by_demo)).order_by(model.c.id)
