"""Notifications of people, and which kinds they do not want."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime
from crmlite.extensions import Model


class Notification(Model):
    """Something that one person was told. `params` are what its kind puts into words.

    Nothing sensitive stands in them, and no name: a notification says what its reader may see when
    they read it. The unread of a person are counted, listed and, once read, found again for
    tidying in one index.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notification_unread", "user_id", "read_at", "id"),
        Index("ix_notification_person", "user_id", "id"),
        {"info": {"record": "notification", "silent": {"params", "key", "read_at"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MutedKind(Model):
    """A kind of notifications that somebody does not want."""

    __tablename__ = "muted_kind"
    __table_args__ = (UniqueConstraint("user_id", "kind"), {"info": {"record": "muted_kind"}})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(64))
