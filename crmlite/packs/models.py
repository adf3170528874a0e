"""Which packs are on, and what went wrong in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime, sealed, uid
from crmlite.extensions import Model


class Pack(Model):
    """A pack that was switched on once. `pack_version` is the one whose rows are in the book, `title`
    what it is called also when it is gone from the machine, `stopped` why crmlite switched it off:
    `{"code", "params"}`, `switched_at` when somebody switched it on, `taken_at` when somebody last took
    its data away as a file."""

    __tablename__ = "pack"
    __table_args__ = ({"info": {"record": "pack", "silent": {"switched_at", "taken_at"}}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    pack_version: Mapped[str] = mapped_column(String(40))
    enabled: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    stopped: Mapped[dict[str, Any] | None] = mapped_column(Json)
    switched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class PackFailure(Model):
    """Something that went wrong in a pack: where it was asked, and what it raised, which may hold
    anything that stands in the book."""

    __tablename__ = "pack_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(String(24), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    place: Mapped[str] = mapped_column(String(200))
    message: Mapped[str | None] = sealed("failure")
    trace: Mapped[str | None] = sealed("failure")
    uid: Mapped[str] = uid()
