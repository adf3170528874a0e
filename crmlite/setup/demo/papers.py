"""The files that the demo firm attached to its customers and talks."""

import hashlib
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
from crmlite.files.models import Attachment
from crmlite.files.operations import Kept, attach
from crmlite.followups.models import Interaction
from crmlite.setup.demo.content import content
from crmlite.work import Actor

CUSTOMERS, FILES = Customer.__table__, Attachment.__table__
TALKS = Interaction.__table__


def add_papers(*, by: Actor, at: datetime) -> None:
    """Attach those that are not there yet, each in an operation of its own: writing files takes a while.
    What they would hang on may be gone, or called otherwise, when this is taken up again."""
    for raw in content().papers:
        found = database.session.execute(_customer(raw["customer"])).first()
        if found is None or _is_there(raw, found.id):
            continue
        kind, record_id = "customer", found.id
        if raw.get("talk"):
            kind = "interaction"
            record_id = database.session.execute(_latest_talk(found.id)).scalar_one_or_none()
        if record_id is not None:
            owner = Actor(by.kind, by.name, found.owner_id)
            target = Target(customer_id=found.id, owner_id=found.owner_id, url="")
            attach(kind, record_id, target, [_kept(raw)], most=limits().all, by=owner, at=at)


def _is_there(raw: Mapping[str, str], customer_id: int) -> bool:
    """Whether one was attached before, be it in the recycle bin."""
    digest = hashlib.sha256(_bytes(raw)).hexdigest()
    same = select(FILES.c.id).where(FILES.c.customer_id == customer_id, FILES.c.sha256 == digest)
    return database.session.execute(same.limit(1)).first() is not None


def _kept(raw: Mapping[str, str]) -> Kept:
    file = BytesIO(_bytes(raw))
    media_type = content_of(file, raw["name"]).media_type
    uid, size, digest = keeping.keep(file)
    return Kept(uid=uid, name=raw["name"], size=size, sha256=digest, media_type=media_type)


def _bytes(raw: Mapping[str, str]) -> bytes:
    return raw["text"].lstrip("\n").encode()


def _customer(name: str) -> Select[tuple[int, int]]:
    return select(CUSTOMERS.c.id, CUSTOMERS.c.owner_id).where(CUSTOMERS.c.name == name)


def _latest_talk(customer_id: int) -> Select[tuple[int]]:
    newest = (TALKS.c.occurred_at.desc(), TALKS.c.id.desc())
    return select(TALKS.c.id).where(TALKS.c.customer_id == customer_id).order_by(*newest).limit(1)
