"""The ledger: who did what, when and from where, and how each record differs since."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class ActorRow(Model):
    """Who can do things: a person, the command line, a job, an import, a pack, a token."""

    __tablename__ = "actor"
    __table_args__ = (Index("uq_actor_who", "kind", "name", "user_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int | None] = mapped_column(index=True)


class OperationRow(Model):
    """One thing that was done, as a whole."""

    __tablename__ = "operation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    source: Mapped[str] = mapped_column(String(16))
    request_id: Mapped[str | None] = mapped_column(String(32))
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    result: Mapped[Any | None] = mapped_column(Json)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"), unique=True)
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"), index=True)


class ChangeRow(Model):
    """What one operation did to one record: `{"field": [before, after]}`.

    Sealed values stand in it as they are stored. `root` is the record it hangs on: the customer
    of a contact.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_record", "record_type", "record_id", "id"),
        Index("ix_change_root", "root_type", "root_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    record_type: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[int]
    root_type: Mapped[str] = mapped_column(String(32))
    root_id: Mapped[int]
    verb: Mapped[str] = mapped_column(String(8))
    diff: Mapped[dict[str, list[Any]]] = mapped_column(Json)


class SealRow(Model):
    """A link of the hash chain over operations, made every minute by a job."""

    __tablename__ = "seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    operations: Mapped[int]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class SealedOperationRow(Model):
    """The digest of one sealed operation; it outlives the diffs when a person is erased."""

    __tablename__ = "sealed_operation"

    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))


class EpochRow(Model):
    """One row whose number grows when roles, settings, choice lists or packs change."""

    __tablename__ = "epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
