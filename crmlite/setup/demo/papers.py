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
from crmlite.work import Actor

CUSTOMERS, TALKS = Customer.__table__, Interaction.__table__


def add_papers(*, by: Actor, at: datetime) -> None:
    """Attach them, each in an operation of its own: writing files takes a while."""
    for raw in content().papers:
        customer_id, owner_id = database.session.execute(_customer(raw["customer"])).one()
        owner = Actor(by.kind, by.name, owner_id)
        kind, record_id = "customer", customer_id
        if raw.get("talk"):
            kind = "interaction"
            record_id = database.session.execute(_latest_talk(customer_id)).scalar_one()
        target = Target(customer_id=customer_id, owner_id=owner_id, url="")
        attach(kind, record_id, target, [_kept(raw)], most=limits().all, by=owner, at=at)


def _kept(raw: Mapping[str, str]) -> Kept:
    file = BytesIO(raw["text"].lstrip("\n").encode())
    media_type = content_of(file, raw["name"]).media_type
    uid, size, digest = keeping.keep(file)
    return Kept(uid=uid, name=raw["name"], size=size, sha256=digest, media_type=media_type)


def _customer(name: str) -> Select[tuple[int, int]]:
    return select(CUSTOMERS.c.id, CUSTOMERS.c.owner_id).where(CUSTOMERS.c.name == name)


def _latest_talk(customer_id: int) -> Select[tuple[int]]:
    newest = (TALKS.c.occurred_at.desc(), TALKS.c.id.desc())
    return select(TALKS.c.id).where(TALKS.c.customer_id == customer_id).order_by(*newest).limit(1)
