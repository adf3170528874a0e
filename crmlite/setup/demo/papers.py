"""The files that the demo firm attached to its customers and talks."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

from sqlalchemy import Select, select

from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.files import keeping
from crmlite.files.attachables import Target
from crmlite.files.content import content_of
from crmlite.files.limits import limits
from crmlite.files.operations import Kept, attach
from crmlite.followups.models import Interaction
from crmlite.setup.demo.content import content
from crmlite.work import Actor, records
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow

CUSTOMERS, TALKS = Customer.__table__, Interaction.__table__


def add_papers(*, by: Actor, at: datetime) -> None:
    """Attach those that are not there yet, each in an operation of its own: writing files takes a while.
    What they would hang on may be gone, or called otherwise, when this is taken up again."""
    for raw in content().papers:
        found = database.session.execute(_customer(raw["customer"])).first()
        if found is None or _is_there(raw, found.id, by):
            continue
        kind, record_id = "customer", found.id
        if raw.get("talk"):
            kind = "interaction"
            record_id = database.session.execute(_latest_talk(found.id)).scalar_one_or_none()
        if record_id is not None:
            owner = Actor(by.kind, by.name, found.owner_id)
            target = Target(customer_id=found.id, owner_id=found.owner_id, url="")
            attach(kind, record_id, target, [_kept(raw)], most=limits().all, by=owner, at=at)


def _is_there(raw: Mapping[str, str], customer_id: int, by: Actor) -> bool:
    """Whether one was attached before, whatever became of it since: who took it away is not to find it
    again. The ledger tells the papers of one customer apart by their sizes."""
    changes, operations, actors = (ChangeRow.__table__, OperationRow.__table__, ActorRow.__table__)
    attached = (
        select(changes.c.diff)
        .join(operations, operations.c.id == changes.c.operation_id)
        .join(actors, actors.c.id == operations.c.actor_id)
        .where(
            changes.c.root_type == "customer",
            changes.c.root_id == customer_id,
            changes.c.record_type == "attachment",
            changes.c.verb == records.CREATED,
            actors.c.kind == by.kind,
            actors.c.name == by.name,
        )
    )
    size = [None, len(_bytes(raw))]
    return any(diff.get("size") == size for diff in database.session.execute(attached).scalars())


def _kept(raw: Mapping[str, str]) -> Kept:
    file = BytesIO(_bytes(raw))
    media_type = content_of(file, raw["name"]).media_type
    uid, size, digest = keeping.keep(file)
    return Kept(uid=uid, name=raw["name"], size=size, sha256=digest, media_type=media_type)


def _bytes(raw: Mapping[str, str]) -> bytes:
    return raw["text"].lstrip("\n").encode()


def _customer(name: str) -> Select[tuple[int, int]]:
    wanted = select(CUSTOMERS.c.id, CUSTOMERS.c.owner_id)
    return wanted.where(CUSTOMERS.c.name == name, CUSTOMERS.c.state == "active")


def _latest_talk(customer_id: int) -> Select[tuple[int]]:
    newest = (TALKS.c.occurred_at.desc(), TALKS.c.id.desc())
    wanted = select(TALKS.c.id).where(TALKS.c.customer_id == customer_id, TALKS.c.state == "active")
    return wanted.order_by(*newest).limit(1)
